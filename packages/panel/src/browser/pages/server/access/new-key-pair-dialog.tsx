import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Field, TextField } from "../../../components/field.tsx";
import { Failure } from "../../../components/notice.tsx";
import { createKeyPair, importKeyPair } from "../../../http/key-pair-calls.ts";
import { KEY_NAME_MAX_CHARACTERS } from "../../../limits.ts";
import { keyNameProblem, publicKeyProblem } from "../../../model/key-pair.ts";
import { usePanel } from "../../../state/panel.ts";
import { useTask } from "../../../state/use-task.ts";

export interface NewKeyPairDialogProps {
  readonly kind: "create" | "import";
  /** Names that are taken. */
  readonly others: readonly string[];
  /** With the private key of one that was created; empty for one that was imported. */
  readonly onMade: (name: string, privateKey: string) => void;
  readonly onClose: () => void;
}

/** Has a key pair made, or takes a public key that somebody has. */
export function NewKeyPairDialog({ kind, others, onMade, onClose }: NewKeyPairDialogProps) {
  const { client } = usePanel();
  const name = useSignal("");
  const publicKey = useSignal("");
  const isTried = useSignal(false);
  const isImport = kind === "import";
  const nameError = keyNameProblem(name.value, others);
  const keyError = isImport ? publicKeyProblem(publicKey.value) : undefined;
  const task = useTask(async () => {
    if (isImport) await importKeyPair(client, { name: name.value, publicKey: publicKey.value });
    onMade(name.value, isImport ? "" : await createKeyPair(client, name.value));
  });
  const submit = async (): Promise<void> => {
    isTried.value = true;
    if (nameError === undefined && keyError === undefined && (await task.run())) onClose();
  };
  return (
    <Dialog
      title={isImport ? "Import a public key" : "Create a key pair"}
      onClose={onClose}
      isBusy={task.isRunning.value}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {!isImport && (
          <p>The service makes a pair, tells you the private half once, and keeps the public one.</p>
        )}
        <TextField
          label="Name"
          value={name.value}
          maxLength={KEY_NAME_MAX_CHARACTERS}
          isRequired
          error={isTried.value ? nameError : undefined}
          onInput={(value) => {
            name.value = value;
          }}
        />
        {isImport && (
          <Field
            label="Public key"
            hint="The one line of a file such as ~/.ssh/id_ed25519.pub"
            error={isTried.value || publicKey.value !== "" ? keyError : undefined}
          >
            {(control) => (
              <textarea
                {...control}
                rows={4}
                spellcheck={false}
                value={publicKey.value}
                onInput={(event) => {
                  publicKey.value = event.currentTarget.value;
                }}
              />
            )}
          </Field>
        )}
        {task.error.value !== undefined && (
          <Failure error={task.error.value} title="The key pair was not kept" />
        )}
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
            {isImport ? "Import" : "Create"}
          </Button>
          <Button onClick={onClose} whyNot={task.isRunning.value ? "It goes on" : null}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
