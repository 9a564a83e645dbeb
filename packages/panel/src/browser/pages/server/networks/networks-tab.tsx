import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { resetNetwork } from "../../../http/server-calls.ts";
import { findNetworkChange } from "../../../model/network-steps.ts";
import { whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useActivity } from "../../../state/use-activity.ts";
import { useGuestNetwork } from "../../../state/use-guest-network.ts";
import { valueOf } from "../../../state/use-resource.ts";
import { useTask } from "../../../state/use-task.ts";
import type { TabProps } from "../tab-props.ts";
import { AttachDialog } from "./attach-dialog.tsx";
import { InterfaceSection } from "./interface-section.tsx";
import { LastReset } from "./last-reset.tsx";
import { NetworkProgress } from "./network-progress.tsx";

/** The networks that the server is to have, beside those that its guest has. */
export function NetworksTab({ server }: TabProps) {
  const { client } = usePanel();
  const network = useGuestNetwork(server.id);
  const activity = useActivity(server.id);
  const change = findNetworkChange(valueOf(activity) ?? []);
  const isAttaching = useSignal(false);
  const done = useSignal("");
  const apply = useTask(async () => {
    done.value = "";
    await resetNetwork(client, server.id);
    done.value = "The guest has applied its networks.";
  });
  return (
    <>
      <Section
        title="Networks"
        actions={
          <div class="actions">
            <Button
              kind="primary"
              whyNot={whyNot(server, "attachInterface")}
              onClick={() => {
                isAttaching.value = true;
              }}
            >
              Attach a network
            </Button>
            <Button
              isBusy={apply.isRunning.value}
              whyNot={apply.isRunning.value ? null : whyNot(server, "resetNetwork")}
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
        <Loaded what="networks" resource={network}>
          {({ last_reset: lastReset }) => <LastReset reset={lastReset} />}
        </Loaded>
      </Section>
      <Loaded what="network cards" resource={network}>
        {({ interfaces }) =>
          interfaces.length === 0 ? (
            <div class="empty">
              <p>The server has no network card: nothing reaches it but its console.</p>
            </div>
          ) : (
            interfaces.map((card) => (
              <InterfaceSection
                key={card.port_id ?? `${card.vif} ${card.mac ?? ""}`}
                server={server}
                card={card}
                all={interfaces}
                change={change}
                onDone={(words) => {
                  done.value = words;
                }}
              />
            ))
          )
        }
      </Loaded>
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
    </>
  );
}
