import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Section } from "../../../components/section.tsx";
import { ShownOnce } from "../../../components/shown-once.tsx";
import { deleteKeyPair, listKeyPairs } from "../../../http/key-pair-calls.ts";
import { type KeyPair, keyFileName, kindOfKey } from "../../../model/key-pair.ts";
import type { Server } from "../../../model/server.ts";
import { whyNotChange } from "../../../model/session.ts";
import { usePanel, useSession } from "../../../state/panel.ts";
import { useResource } from "../../../state/use-resource.ts";
import { useSecret } from "../../../state/use-secret.ts";
import { NewKeyPairDialog } from "./new-key-pair-dialog.tsx";

/** The key that the server was built with, and the user's own, for servers to come. */
export function KeyPairs({ server }: { readonly server: Server }) {
  const { client } = usePanel();
  const session = useSession();
  const keyPairs = useResource({
    key: "key pairs",
    load: (signal) => listKeyPairs(client, signal),
    concerns: () => false,
  });
  const opened = useSignal<"create" | "import" | undefined>(undefined);
  const privateKey = useSecret();
  const madeName = useSignal("");
  const reason = whyNotChange(session);
  return (
    <Section title="Key pairs">
      <p class="prose">
        {server.key_name === null ? (
          "This server was built without a key."
        ) : (
          <>
            This server was built with the key <strong>{server.key_name}</strong>.
          </>
        )}{" "}
        A key is put in while a server is built: what you change here is for servers to come. To let a key
        into this one, log in and add its public half to <code>~/.ssh/authorized_keys</code>.
      </p>
      <ShownOnce
        secret={privateKey}
        title={`The private key of ${madeName.value}`}
        what="private key"
        actions={<Button onClick={() => download(madeName.value, privateKey.value)}>Download</Button>}
      >
        <p>
          Whoever has it can log in. Keep it where you alone can read it:{" "}
          <code>chmod 600 {keyFileName(madeName.value)}</code>
        </p>
      </ShownOnce>
      <div class="actions">
        <Button
          whyNot={reason}
          onClick={() => {
            opened.value = "create";
          }}
        >
          Create a key pair
        </Button>
        <Button
          whyNot={reason}
          onClick={() => {
            opened.value = "import";
          }}
        >
          Import a public key
        </Button>
      </div>
      <Loaded what="key pairs" resource={keyPairs}>
        {(all) => (
          <>
            <KeyPairList keyPairs={all} reason={reason} onDeleted={keyPairs.reload} />
            {opened.value !== undefined && (
              <NewKeyPairDialog
                kind={opened.value}
                others={all.map(({ name }) => name)}
                onMade={(name, key) => {
                  madeName.value = name;
                  privateKey.value = key;
                  keyPairs.reload();
                }}
                onClose={() => {
                  opened.value = undefined;
                }}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface KeyPairListProps {
  readonly keyPairs: readonly KeyPair[];
  readonly reason: string | null;
  readonly onDeleted: () => void;
}

function KeyPairList({ keyPairs, reason, onDeleted }: KeyPairListProps) {
  const { client } = usePanel();
  const deleted = useSignal<string | undefined>(undefined);
  const name = deleted.value;
  if (keyPairs.length === 0) return <p class="faint">You have no key pairs.</p>;
  return (
    <>
      <ul class="items" aria-label="Your key pairs">
        {keyPairs.map((keyPair) => (
          <li key={keyPair.name} class="item">
            <div>
              <strong>{keyPair.name}</strong> <span class="faint">{kindOfKey(keyPair)}</span>
              <div class="faint">
                <code>{keyPair.fingerprint}</code>
              </div>
            </div>
            <div class="actions">
              <CopyButton text={keyPair.public_key} what={`public key of ${keyPair.name}`} />
              <Button
                kind="quiet"
                whyNot={reason}
                label={`Delete ${keyPair.name}`}
                onClick={() => {
                  deleted.value = keyPair.name;
                }}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {name !== undefined && (
        <ConfirmDialog
          title={`Delete the key pair ${name}`}
          action="Delete"
          isDangerous
          onConfirm={async () => {
            await deleteKeyPair(client, name);
            onDeleted();
          }}
          onClose={() => {
            deleted.value = undefined;
          }}
        >
          <p>
            No server can be built with it any more. Servers that have it keep it, and whoever has its private
            half can go on logging in to them.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Gives the private key to the browser as a file; it never leaves the machine. */
function download(name: string, key: string): void {
  const url = URL.createObjectURL(new Blob([key], { type: "application/x-pem-file" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = keyFileName(name);
  link.click();
  URL.revokeObjectURL(url);
}
