import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { attachNetwork, previewChange, readNetworks } from "../../../http/network-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import { addressProblem } from "../../../model/address.ts";
import { isAddressTaken, type NetworkPreview } from "../../../model/guest-network.ts";
import type { Network } from "../../../model/inventory.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useResource } from "../../../state/use-resource.ts";
import { useTask } from "../../../state/use-task.ts";
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

/** What somebody asks for. */
interface Choice {
  readonly network: Network;
  /** Empty for whichever is free. */
  readonly address: string;
}

/** Chooses a network, shows what the guest would get, and attaches it. */
export function AttachDialog({ server, change, onDone, onClose }: AttachDialogProps) {
  const { client } = usePanel();
  const networks = useResource({
    key: "networks",
    load: (signal) => readNetworks(client, signal),
    concerns: () => false,
  });
  const choice = useSignal<Choice | undefined>(undefined);
  const preview = useSignal<NetworkPreview | undefined>(undefined);
  /** What was said of an address that somebody else was quicker with. */
  const taken = useSignal<string | undefined>(undefined);
  const look = useTask(async (next: Choice) => {
    preview.value = undefined;
    const { network, address } = next;
    choice.value = next;
    const attach = address === "" ? { network_id: network.id } : { network_id: network.id, address };
    preview.value = await previewChange(client, server.id, { attach });
  });
  const attach = useTask(async ({ network, address }: Choice) => {
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
  const isRunning = attach.isRunning.value;
  const chosen = choice.value;
  return (
    <Dialog title={`Attach a network to ${server.name}`} onClose={onClose} isBusy={isRunning}>
      {taken.value !== undefined && (
        <Notice tone="warn" title="Somebody was quicker">
          <p>{taken.value}.</p>
          <p>{chosen?.address === "" ? "This is what another address changes." : "Choose another one."}</p>
        </Notice>
      )}
      {chosen === undefined || preview.value === undefined ? (
        <Loaded what="networks" resource={networks}>
          {(all) => (
            <ChoiceForm
              networks={all}
              former={chosen}
              isLooking={look.isRunning.value}
              error={look.error.value}
              onChoose={(next) => void look.run(next)}
              onClose={onClose}
            />
          )}
        </Loaded>
      ) : (
        <>
          <p>
            {preview.value.address === null
              ? `This is what ${chosen.network.name} changes in the guest.`
              : `In ${chosen.network.name} the server gets the address ${preview.value.address}.`}
          </p>
          <NetworkDiff preview={preview.value} />
          {isRunning && change !== undefined && <NetworkProgress change={change} />}
          {attach.error.value !== undefined && (
            <Failure error={attach.error.value} title={`${chosen.network.name} was not attached`}>
              <p>What had begun was taken back: the server is as before.</p>
            </Failure>
          )}
          <div class="actions">
            <Button kind="primary" isBusy={isRunning} onClick={() => void attach.run(chosen)}>
              Attach
            </Button>
            <Button
              whyNot={isRunning ? "It goes on" : null}
              onClick={() => {
                attach.clear();
                preview.value = undefined;
              }}
            >
              Back
            </Button>
            <Button onClick={onClose} whyNot={isRunning ? "It goes on" : null}>
              Cancel
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

interface ChoiceFormProps {
  readonly networks: readonly Network[];
  readonly former: Choice | undefined;
  readonly isLooking: boolean;
  /** Why what was chosen cannot be had. */
  readonly error: Error | undefined;
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}

function ChoiceForm({ networks, former, isLooking, error, onChoose, onClose }: ChoiceFormProps) {
  const networkId = useSignal(former?.network.id ?? networks[0]?.id ?? "");
  const address = useSignal(former?.address ?? "");
  const isTried = useSignal(false);
  const network = networks.find(({ id }) => id === networkId.value);
  if (network === undefined) return <p>There is no network that this project may use.</p>;
  const text = address.value.trim();
  const problem = text === "" ? undefined : addressProblem(text, network.blocks);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        isTried.value = true;
        if (problem === undefined) onChoose({ network, address: text });
      }}
    >
      <SelectField
        label="Network"
        hint={network.blocks.join(", ")}
        value={networkId.value}
        options={networks.map(({ id, name }) => ({ value: id, text: name }))}
        onChange={(value) => {
          networkId.value = value;
        }}
      />
      <TextField
        label="Address (if it matters)"
        hint="Empty for whichever is free."
        value={address.value}
        error={isTried.value ? problem : undefined}
        onInput={(value) => {
          address.value = value;
        }}
      />
      {error !== undefined && <Failure error={error} title="It cannot be attached like this" />}
      <p class="faint">Nothing changes before you have seen what will.</p>
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={isLooking}>
          Show what will change
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
