import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { TextField } from "../../../components/field.tsx";
import { Failure } from "../../../components/notice.tsx";
import { setMetadataItem } from "../../../http/guest-calls.ts";
import { checkItem, hasFault } from "../../../model/metadata.ts";
import { usePanel } from "../../../state/panel.ts";
import { useTask } from "../../../state/use-task.ts";
import type { TabProps } from "../tab-props.ts";

export interface MetadataDialogProps extends TabProps {
  /** Which is changed; undefined for a new one. */
  readonly item: { readonly key: string; readonly value: string } | undefined;
  readonly onClose: () => void;
}

/** An item of the metadata, new or changed. */
export function MetadataDialog({ server, item, onClose }: MetadataDialogProps) {
  const { client } = usePanel();
  const key = useSignal(item?.key ?? "");
  const value = useSignal(item?.value ?? "");
  // Nobody is told of mistakes before it is sent.
  const isTried = useSignal(false);
  const task = useTask(() => setMetadataItem(client, server.id, { key: key.value, value: value.value }));
  const faults = checkItem(
    { key: key.value, value: value.value },
    { metadata: server.metadata, former: item?.key },
  );
  const shown = isTried.value ? faults : undefined;
  const submit = async (): Promise<void> => {
    isTried.value = true;
    // What is sent is in the list at once, and would be told as a mistake.
    if (!hasFault(faults) && (await task.run())) onClose();
  };
  return (
    <Dialog
      title={item === undefined ? "Add an item" : `Change ${item.key}`}
      onClose={onClose}
      isBusy={task.isRunning.value}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {item === undefined && (
          <TextField
            label="Key"
            hint="Letters, digits, spaces and - _ : ."
            value={key.value}
            error={task.isRunning.value ? undefined : shown?.key}
            onInput={(text) => {
              key.value = text;
            }}
          />
        )}
        <TextField
          label="Value"
          value={value.value}
          error={shown?.value}
          onInput={(text) => {
            value.value = text;
          }}
        />
        {task.error.value !== undefined && <Failure error={task.error.value} title="The item was not set" />}
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
            {item === undefined ? "Add" : "Change"}
          </Button>
          <Button onClick={onClose} whyNot={task.isRunning.value ? "It goes on" : null}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
