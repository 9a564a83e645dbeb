import { type Signal, useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { resetNetwork } from "../../../http/server-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import type { GuestNetwork } from "../../../model/guest-network.ts";
import { findNetworkChange } from "../../../model/network-steps.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useActivity } from "../../../state/use-activity.ts";
import { useGuestNetwork } from "../../../state/use-guest-network.ts";
import { type Resource, valueOf } from "../../../state/use-resource.ts";
import { useTask } from "../../../state/use-task.ts";
import type { TabProps } from "../tab-props.ts";
import { AttachDialog } from "./attach-dialog.tsx";
import { InterfaceSection } from "./interface-section.tsx";
import { LastReset } from "./last-reset.tsx";
import { NetworkProgress } from "./network-progress.tsx";

/** The networks that the server is to have, beside those that its guest has. */
export function NetworksTab({ server }: TabProps) {
  const network = useGuestNetwork(server.id);
  const change = findNetworkChange(valueOf(useActivity(server.id)) ?? []);
  /** What was done last, in words. */
  const done = useSignal("");
  const onDone = (words: string): void => {
    done.value = words;
  };
  return (
    <>
      <AllNetworks server={server} network={network} change={change} done={done} />
      <Loaded what="network cards" resource={network}>
        {({ interfaces }) => (
          <>
            {interfaces.length === 0 && <NoCard />}
            {interfaces.map((card) => (
              <InterfaceSection
                key={card.port_id ?? `${card.vif} ${card.mac ?? ""}`}
                server={server}
                card={card}
                all={interfaces}
                change={change}
                onDone={onDone}
              />
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function NoCard() {
  return (
    <div class="empty">
      <p>The server has no network card: nothing reaches it but its console.</p>
    </div>
  );
}

interface AllNetworksProps {
  readonly server: Server;
  readonly network: Resource<GuestNetwork>;
  readonly change: Activity | undefined;
  readonly done: Signal<string>;
}

/** What is done with all of them, and how that goes. */
function AllNetworks({ server, network, change, done }: AllNetworksProps) {
  const { client } = usePanel();
  const isAttaching = useSignal(false);
  const apply = useTask(async () => {
    done.value = "";
    await resetNetwork(client, server.id);
    done.value = "The guest has applied its networks.";
  });
  const reset = valueOf(network)?.last_reset;
  const isApplying = apply.isRunning.value;
  return (
    <Section
      title="Networks"
      actions={
        <div class="actions">
          <Button
            kind="primary"
            whyNot={whyNot(server, "attachInterface")}
            onClick={() => {
              done.value = "";
              isAttaching.value = true;
            }}
          >
            Attach a network
          </Button>
          <Button
            isBusy={isApplying}
            whyNot={isApplying ? null : whyNot(server, "resetNetwork")}
            onClick={() => void apply.run()}
          >
            Apply network
          </Button>
        </div>
      }
    >
      <p class="faint">
        "Apply network" has the guest set its host name and its networks up as they are wanted. Connections
        that it keeps go on.
      </p>
      {change !== undefined && <NetworkProgress change={change} />}
      {apply.error.value !== undefined && (
        <Failure error={apply.error.value} title="The guest did not apply its networks" />
      )}
      {done.value !== "" && <Notice tone="good">{done.value}</Notice>}
      {reset !== undefined && <LastReset reset={reset} />}
      {isAttaching.value && (
        <AttachDialog
          server={server}
          change={change}
          onDone={(words) => {
            done.value = words;
          }}
          onClose={() => {
            isAttaching.value = false;
          }}
        />
      )}
    </Section>
  );
}
