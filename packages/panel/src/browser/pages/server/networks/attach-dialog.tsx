import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { attachNetwork, previewChange, readNetworks } from "../../../http/network-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import { isAddressTaken, type NetworkPreview } from "../../../model/guest-network.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useResource } from "../../../state/use-resource.ts";
import { type Task, useTask } from "../../../state/use-task.ts";
import { type AttachChoice, AttachForm } from "./attach-form.tsx";
import { NetworkDiff } from "./network-diff.tsx";
import { NetworkProgress } from "./network-progress.tsx";

export interface AttachDialogProps {
  readonly server: Server;
  /** What is being done with the networks now. */
  readonly change: Activity | undefined;
  /** Is told what was done, in words. */
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

/** Chooses a network, shows what the guest would get, and attaches it. */
export function AttachDialog({ server, change, onDone, onClose }: AttachDialogProps) {
  const { client } = usePanel();
  const networks = useResource({
    key: "networks",
    load: (signal) => readNetworks(client, signal),
    concerns: () => false,
  });
  const choice = useSignal<AttachChoice | undefined>(undefined);
  const preview = useSignal<NetworkPreview | undefined>(undefined);
  /** What was said of an address that somebody else was quicker with. */
  const taken = useSignal<string | undefined>(undefined);
  const look = useTask(async (next: AttachChoice) => {
    preview.value = undefined;
    const { network, address } = next;
    choice.value = next;
    const attach = address === "" ? { network_id: network.id } : { network_id: network.id, address };
    preview.value = await previewChange(client, server.id, { attach });
  });
  const attach = useTask(async ({ network, address }: AttachChoice) => {
    taken.value = undefined;
    const chosen = preview.value?.address ?? (address === "" ? null : address);
    try {
      await attachNetwork(client, server.id, { networkId: network.id, address: chosen });
    } catch (error) {
      if (!(error instanceof Error) || !isAddressTaken(error)) throw error;
      taken.value = error.message;
      // What was proposed is proposed anew; what was asked for is asked for again.
      if (address === "") void look.run({ network, address });
      else preview.value = undefined;
      return;
    }
    onDone(`The server is in ${network.name}${chosen === null ? "" : ` with the address ${chosen}`}.`);
    onClose();
  });
  const chosen = choice.value;
  return (
    <Dialog title={`Attach a network to ${server.name}`} onClose={onClose} isBusy={attach.isRunning.value}>
      {taken.value !== undefined && (
        <Notice tone="warn" title="Somebody was quicker">
          <p>{taken.value}.</p>
          <p>{chosen?.address === "" ? "This is what another address changes." : "Choose another one."}</p>
        </Notice>
      )}
      {chosen === undefined || preview.value === undefined ? (
        <Loaded what="networks" resource={networks}>
          {(all) => (
            <AttachForm
              networks={all}
              present={server.ports.map(({ network }) => network.id)}
              former={chosen}
              isLooking={look.isRunning.value}
              error={look.error.value}
              onChoose={(next) => void look.run(next)}
              onClose={onClose}
            />
          )}
        </Loaded>
      ) : (
        <AttachPreview
          choice={chosen}
          preview={preview.value}
          change={change}
          attach={attach}
          onBack={() => {
            attach.clear();
            preview.value = undefined;
          }}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface AttachPreviewProps {
  readonly choice: AttachChoice;
  readonly preview: NetworkPreview;
  readonly change: Activity | undefined;
  readonly attach: Task<readonly [AttachChoice]>;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** What the guest would get, and the question whether it shall. */
function AttachPreview({ choice, preview, change, attach, onBack, onClose }: AttachPreviewProps) {
  const { name } = choice.network;
  const isRunning = attach.isRunning.value;
  const whyNot = isRunning ? "It goes on" : null;
  const first = useRef<HTMLParagraphElement>(null);
  // The button that asked for it is gone.
  useEffect(() => first.current?.focus(), []);
  return (
    <>
      <p class="focused" ref={first} tabIndex={-1}>
        {preview.address === null
          ? `This is what ${name} changes in the guest.`
          : `In ${name} the server gets the address ${preview.address}.`}
      </p>
      <NetworkDiff preview={preview} />
      {isRunning && change !== undefined && <NetworkProgress change={change} />}
      {attach.error.value !== undefined && (
        <Failure error={attach.error.value} title={`${name} was not attached`}>
          <p>What had begun was taken back: the server is as before.</p>
        </Failure>
      )}
      <div class="actions">
        <Button kind="primary" isBusy={isRunning} onClick={() => void attach.run(choice)}>
          Attach
        </Button>
        <Button whyNot={whyNot} onClick={onBack}>
          Back
        </Button>
        <Button whyNot={whyNot} onClick={onClose}>
          Cancel
        </Button>
      </div>
    </>
  );
}
