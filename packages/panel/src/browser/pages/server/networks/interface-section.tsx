import { useSignal } from "@preact/signals";
import { Badge } from "../../../components/badge.tsx";
import { Button } from "../../../components/button.tsx";
import { Fact, Facts } from "../../../components/facts.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { type NetworkInterface, withoutPrefix } from "../../../model/guest-network.ts";
import { explainSilence } from "../../../model/report.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import { AddDialog, RemoveDialog } from "./address-dialogs.tsx";
import { DetachDialog, type DetachDialogProps } from "./detach-dialog.tsx";

export type InterfaceSectionProps = Omit<DetachDialogProps, "onClose">;

/** What somebody is about to do with a card. */
type Begun =
  | { readonly kind: "detach" }
  | { readonly kind: "add" }
  | { readonly kind: "remove"; readonly address: string };

/** A network card: what it is to have, and what it has in the guest. */
export function InterfaceSection({ server, card, all, change, onDone }: InterfaceSectionProps) {
  const begun = useSignal<Begun | undefined>(undefined);
  const networkId = server.ports.find(({ id }) => id === card.port_id)?.network.id;
  const name = card.network ?? "a network that is not known here";
  const close = (): void => {
    begun.value = undefined;
  };
  const begin = (next: Begun) => () => {
    // What was done before is old news.
    onDone("");
    begun.value = next;
  };
  return (
    <Section
      title={`Card ${card.vif}: ${name}`}
      actions={
        card.port_id !== null && (
          <div class="actions">
            <Button whyNot={whyNot(server, "attachInterface")} onClick={begin({ kind: "add" })}>
              Add an address<span class="visually-hidden"> to card {card.vif}</span>
            </Button>
            <Button
              kind="danger"
              whyNot={whyNot(server, "detachInterface")}
              onClick={begin({ kind: "detach" })}
            >
              Detach<span class="visually-hidden"> card {card.vif}</span>
            </Button>
          </div>
        )
      }
    >
      <Agreement server={server} card={card} />
      <div class="columns">
        <Wanted server={server} card={card} onRemove={(address) => begin({ kind: "remove", address })()} />
        <Applied server={server} card={card} />
      </div>
      {begun.value?.kind === "detach" && (
        <DetachDialog server={server} card={card} all={all} change={change} onDone={onDone} onClose={close} />
      )}
      {begun.value?.kind === "add" && networkId !== undefined && (
        <AddDialog server={server} network={{ id: networkId, name }} onDone={onDone} onClose={close} />
      )}
      {begun.value?.kind === "remove" && (
        <RemoveDialog server={server} address={begun.value.address} onDone={onDone} onClose={close} />
      )}
    </Section>
  );
}

/** Whether the guest has what it is to have. */
function Agreement({ server, card }: Pick<InterfaceSectionProps, "server" | "card">) {
  const { differences, applied, wanted } = card;
  if (differences.length > 0) {
    return (
      <Notice tone="warn" title="The guest differs from what is wanted">
        <ul class="bullets">
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
        {whyNot(server, "resetNetwork") === null && (
          <p>"Apply network" has the guest set up what is wanted.</p>
        )}
      </Notice>
    );
  }
  if (applied === null || wanted === null) return null;
  return (
    <p>
      <Badge tone="good" text="As wanted" />
    </p>
  );
}

interface WantedProps {
  readonly server: Server;
  readonly card: NetworkInterface;
  readonly onRemove: (address: string) => void;
}

function Wanted({ server, card: { wanted, mac }, onRemove }: WantedProps) {
  if (wanted === null) {
    return (
      <div class="half">
        <h3>Wanted</h3>
        <p>Nothing: the service does not know this card.</p>
      </div>
    );
  }
  const { addresses, gateway, gateway6, dns, routes } = wanted;
  return (
    <div class="half">
      <h3>Wanted</h3>
      <Facts>
        <Fact name="Addresses">
          <ul class="addresses">
            {addresses.length === 0 && <li>none</li>}
            {addresses.map((address) => (
              <li key={address}>
                <code>{address}</code>{" "}
                <Button
                  kind="quiet"
                  whyNot={whyNot(server, "attachInterface")}
                  onClick={() => onRemove(withoutPrefix(address))}
                >
                  Remove<span class="visually-hidden"> {address}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name="Gateway">{[gateway, gateway6].filter(Boolean).join(", ") || "none"}</Fact>
        <Fact name="Name servers">{dns.join(", ") || "none"}</Fact>
        <Fact name="Routes">
          {routes.length === 0
            ? "none"
            : routes.map((route) => (
                <div key={route.destination}>
                  {route.destination} by {route.gateway}
                </div>
              ))}
        </Fact>
        <Fact name="Hardware address">{mac ?? "not known"}</Fact>
      </Facts>
    </div>
  );
}

function Applied({ server, card: { applied } }: Pick<InterfaceSectionProps, "server" | "card">) {
  return (
    <div class="half">
      <h3>In the guest</h3>
      {applied === null ? (
        <p>
          {server.vm_state === "active"
            ? "The guest has not told what it has. It does where xe-daemon runs in it."
            : explainSilence(server).why}
        </p>
      ) : (
        <Facts>
          <Fact name="Addresses">
            <ul class="addresses">
              {applied.addresses.length === 0 && <li>none</li>}
              {applied.addresses.map((address) => (
                <li key={address}>
                  <code>{address}</code>
                </li>
              ))}
            </ul>
          </Fact>
        </Facts>
      )}
    </div>
  );
}
