import { type Signal, useSignal } from "@preact/signals";
import { Button } from "../../components/button.tsx";
import type { ServerRow } from "../../model/server.ts";
import { type BulkAction, bulkActions } from "./bulk-actions.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { Selection } from "./server-table.tsx";

export interface SelectionBarProps {
  /** Those that are selected, of those in sight. */
  readonly rows: readonly Signal<ServerRow>[];
  readonly selected: Selection;
}

/** What can be done with the servers that are selected. */
export function SelectionBar({ rows, selected }: SelectionBarProps) {
  // With the servers as they were when it was chosen: what goes on changes the list.
  const begun = useSignal<
    { readonly action: BulkAction; readonly servers: readonly ServerRow[] } | undefined
  >(undefined);
  const clear = (): void => {
    selected.value = new Set();
  };
  return (
    <div class="selection" role="group" aria-label="Selected servers">
      <span role="status">{rows.length === 0 ? "" : `${rows.length} selected`}</span>
      {rows.length > 0 && (
        <>
          {bulkActions.map((action) => (
            <Button
              key={action.name}
              kind={action.isDangerous ? "danger" : "plain"}
              onClick={() => {
                begun.value = { action, servers: rows.map((row) => row.value) };
              }}
            >
              {action.name}
            </Button>
          ))}
          <Button kind="quiet" onClick={clear}>
            Select none
          </Button>
        </>
      )}
      {begun.value !== undefined && (
        <BulkDialog
          {...begun.value}
          onClose={(isDone) => {
            begun.value = undefined;
            if (isDone) clear();
          }}
        />
      )}
    </div>
  );
}
