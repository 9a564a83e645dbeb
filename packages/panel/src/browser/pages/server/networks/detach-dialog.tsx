import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { TextField } from "../../../components/field.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure } from "../../../components/notice.tsx";
import { detachPort, previewChange } from "../../../http/network-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import { type NetworkInterface, riskOfDetaching } from "../../../model/guest-network.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useResource } from "../../../state/use-resource.ts";
import { useTask } from "../../../state/use-task.ts";
import { NetworkDiff } from "./network-diff.tsx";
import { NetworkProgress } from "./network-progress.tsx";

export interface DetachDialogProps {
  readonly server: Server;
  readonly card: NetworkInterface;
  /** Every card of the server. */
  readonly all: readonly NetworkInterface[];
  /** What is being done with the networks now. */
  readonly change: Activity | undefined;
  /** Is told what was done, in words. */
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

/** Shows what the guest would do without, and takes the card away. */
export function DetachDialog({ server, card, all, change, onDone, onClose }: DetachDialogProps) {
  const { client } = usePanel();
  const portId = card.port_id ?? "";
  const preview = useResource({
    key: portId,
    load: () => previewChange(client, server.id, { detach: { port_id: portId } }),
    concerns: () => false,
  });
  const task = useTask(() => detachPort(client, server.id, portId));
  const submit = async (): Promise<void> => {
    if (!(await task.run())) return;
    onDone(`The server is no longer in ${nameOf(card)}.`);
    onClose();
  };
  const isRunning = task.isRunning.value;
  return (
    <Dialog title={`Detach ${nameOf(card)} from ${server.name}`} onClose={onClose} isBusy={isRunning}>
      <p>The guest does without this card at once, and its addresses are given back.</p>
      <Loaded what="preview" resource={preview}>
        {(value) => <NetworkDiff preview={value} />}
      </Loaded>
      {isRunning && change !== undefined && <NetworkProgress change={change} />}
      {task.error.value !== undefined && (
        <Failure error={task.error.value} title={`${nameOf(card)} was not detached`}>
          <p>What had begun was taken back: the card is there as before.</p>
        </Failure>
      )}
      <DetachForm
        risk={riskOfDetaching(card, all)}
        serverName={server.name}
        isRunning={isRunning}
        whyNotYet={preview.state.value.kind === "ready" ? null : "What will change is not known yet"}
        onSubmit={() => void submit()}
        onClose={onClose}
      />
    </Dialog>
  );
}

interface DetachFormProps {
  /** Why the server's name has to be typed. */
  readonly risk: string | undefined;
  readonly serverName: string;
  readonly isRunning: boolean;
  readonly whyNotYet: string | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

function DetachForm({ risk, serverName, isRunning, whyNotYet, onSubmit, onClose }: DetachFormProps) {
  const typed = useSignal("");
  const isTyped = risk === undefined || typed.value === serverName;
  const whyNot = isTyped ? whyNotYet : `Type ${serverName} first`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whyNot === null) onSubmit();
      }}
    >
      {risk !== undefined && (
        <TextField
          label={`Type ${serverName} to confirm`}
          hint={risk}
          value={typed.value}
          onInput={(value) => {
            typed.value = value;
          }}
        />
      )}
      <div class="actions">
        <Button type="submit" kind="danger" isBusy={isRunning} whyNot={whyNot}>
          Detach
        </Button>
        <Button onClick={onClose} whyNot={isRunning ? "It goes on" : null}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function nameOf({ network, vif }: NetworkInterface): string {
  return network ?? `card ${vif}`;
}
