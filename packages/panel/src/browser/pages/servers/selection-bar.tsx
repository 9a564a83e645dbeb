import { useComputed, useSignal } from "@preact/signals";
import { Button } from "../../components/button.tsx";
import type { ServerRow } from "../../model/server.ts";
import type { ServerView } from "../../state/server-view.ts";
import { type BulkAction, bulkActions } from "./bulk-actions.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { Selecting } from "./selecting.tsx";

export interface SelectionBarProps {
  readonly view: ServerView;
  readonly selecting: Selecting;
}

/** What can be done with the servers that are selected. */
export function SelectionBar({ view, selecting }: SelectionBarProps) {
  // With the servers as they were when it was chosen: what goes on changes the list.
  const begun = useSignal<
    { readonly action: BulkAction; readonly servers: readonly ServerRow[] } | undefined
  >(undefined);
  // What is not in sight is not acted on.
  const ids = useComputed(() => view.shownIds.value.filter((id) => selecting.selected.value.has(id)));
  const begin = (action: BulkAction): void => {
    const chosen = new Set(ids.value);
    const servers = view.ordered.value.map((row) => row.value).filter(({ id }) => chosen.has(id));
    begun.value = { action, servers };
  };
  const count = ids.value.length;
  return (
    <div class="selection" role="group" aria-label="Selected servers">
      <span role="status" class={count === 0 ? "faint" : ""}>
        {count === 0 ? "Select servers to do something with several at once." : `${count} selected`}
      </span>
      {count > 0 && (
        <>
          {bulkActions.map((action) => (
            <Button
              key={action.name}
              kind={action.isDangerous ? "danger" : "plain"}
              onClick={() => begin(action)}
            >
              {action.name}
            </Button>
          ))}
          <Button kind="quiet" onClick={() => selecting.chooseAll(false)}>
            Select none
          </Button>
        </>
      )}
      {begun.value !== undefined && (
        <BulkDialog
          {...begun.value}
          onClose={(isDone) => {
            begun.value = undefined;
            if (isDone) selecting.chooseAll(false);
          }}
        />
      )}
    </div>
  );
}
