import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Section } from "../../../components/section.tsx";
import { removeMetadataItem } from "../../../http/guest-calls.ts";
import { sortItems } from "../../../model/metadata.ts";
import { whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import type { TabProps } from "../tab-props.ts";
import { MetadataDialog } from "./metadata-dialog.tsx";

/** What somebody is about to do with an item. */
type Begun =
  | { readonly kind: "add" }
  | { readonly kind: "change"; readonly key: string; readonly value: string }
  | { readonly kind: "remove"; readonly key: string };

/** Text that is kept with the server, and that its guest can read. */
export function MetadataSection({ server }: TabProps) {
  const { client } = usePanel();
  const begun = useSignal<Begun | undefined>(undefined);
  const close = (): void => {
    begun.value = undefined;
  };
  const begin = (next: Begun): void => {
    begun.value = next;
  };
  const reason = whyNot(server, "metadata");
  const now = begun.value;
  return (
    <Section
      title="Metadata"
      actions={
        <Button whyNot={reason} onClick={() => begin({ kind: "add" })}>
          Add an item
        </Button>
      }
    >
      <p class="faint">
        Text that you keep with the server. Its guest reads it in XenStore, below vm-data/user-metadata.
      </p>
      <Items server={server} whyNot={reason} onBegin={begin} />
      {(now?.kind === "add" || now?.kind === "change") && (
        <MetadataDialog server={server} item={now.kind === "add" ? undefined : now} onClose={close} />
      )}
      {now?.kind === "remove" && (
        <ConfirmDialog
          title={`Remove ${now.key}`}
          action="Remove"
          isDangerous
          onConfirm={() => removeMetadataItem(client, server.id, { key: now.key, metadata: server.metadata })}
          onClose={close}
        >
          <p>The item is removed from the server, and from what its guest reads.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

interface ItemsProps extends TabProps {
  readonly whyNot: string | null;
  readonly onBegin: (begun: Begun) => void;
}

function Items({ server, whyNot: reason, onBegin }: ItemsProps) {
  const items = sortItems(server.metadata);
  if (items.length === 0) return <p>There is none.</p>;
  return (
    <ul class="items">
      {items.map(([key, value]) => (
        <li key={key} class="item">
          <div class="item-text">
            <code>{key}</code>
            <span class="item-value">{value === "" ? <span class="faint">empty</span> : value}</span>
          </div>
          <div class="actions">
            <Button
              kind="quiet"
              label={`Change ${key}`}
              whyNot={reason}
              onClick={() => onBegin({ kind: "change", key, value })}
            >
              Change
            </Button>
            <Button
              kind="quiet"
              label={`Remove ${key}`}
              whyNot={reason}
              onClick={() => onBegin({ kind: "remove", key })}
            >
              Remove
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
