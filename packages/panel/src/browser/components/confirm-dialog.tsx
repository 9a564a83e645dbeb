import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useTask } from "../state/use-task.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./field.tsx";
import { Failure } from "./notice.tsx";

export interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ComponentChildren;
  /** What the button says, such as "Delete". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What has to be typed first, such as the server's name. */
  readonly typed?: string | undefined;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done that is not easily undone; says why, when it fails, and closes when it is done. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, isDangerous = false, typed, onConfirm, onClose } = props;
  const text = useSignal("");
  const task = useTask(onConfirm);
  const isTyped = typed === undefined || text.value === typed;
  const submit = async (): Promise<void> => {
    if (isTyped && (await task.run())) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} isBusy={task.isRunning.value}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {typed !== undefined && (
          <TextField
            label={`Type ${typed} to confirm`}
            value={text.value}
            onInput={(value) => {
              text.value = value;
            }}
          />
        )}
        {task.error.value !== undefined && (
          <Failure error={task.error.value} title={`"${action}" was not done`} />
        )}
        <div class="actions">
          <Button
            type="submit"
            kind={isDangerous ? "danger" : "primary"}
            isBusy={task.isRunning.value}
            whyNot={isTyped ? null : `Type ${typed} first`}
          >
            {action}
          </Button>
          <Button onClick={onClose} whyNot={task.isRunning.value ? "It goes on" : null}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
