import type { ReadonlySignal } from "@preact/signals";
import type { ServerRow } from "../../model/server.ts";
import { nextOrder, type OrderBy } from "../../model/server-order.ts";
import { usePanel } from "../../state/panel.ts";
import type { ServerView } from "../../state/server-view.ts";
import { SelectAll, type Selecting } from "./selecting.tsx";
import { ServerTableRow } from "./server-table-row.tsx";

export interface ServerTableProps {
  readonly view: ServerView;
  /** Undefined for those who may only look. */
  readonly selecting: Selecting | undefined;
}

/**
 * A table of elements with roles, not of table elements: then the browser lays out and draws the rows that
 * are in sight alone (CSS Containment, content-visibility), and finds and reads all of them. Rows that are
 * not looked for are hidden and stay, so that a letter typed moves nothing about.
 */
export function ServerTable({ view, selecting }: ServerTableProps) {
  const rows: readonly ReadonlySignal<ServerRow>[] = view.ordered.value;
  return (
    <div
      class={`table ${selecting === undefined ? "" : "table-selectable"}`}
      role="table"
      aria-label="Servers"
    >
      <div class="table-head" role="rowgroup">
        <div class="row" role="row">
          {selecting !== undefined && (
            <span role="columnheader" class="cell-select">
              <SelectAll view={view} selecting={selecting} />
            </span>
          )}
          <SortHeader by="name" name="Name" />
          <SortHeader by="status" name="Status" />
          <span role="columnheader">Addresses</span>
          <SortHeader by="agent" name="Agent" />
          <span role="columnheader">Now</span>
        </div>
      </div>
      <div role="rowgroup">
        {rows.map((row) => (
          <ServerTableRow key={row.peek().id} row={row} shown={view.shown} selecting={selecting} />
        ))}
      </div>
    </div>
  );
}

interface SortHeaderProps {
  readonly by: OrderBy;
  readonly name: string;
}

/** A column by which the list can be in order: up, then down, then no more. */
function SortHeader({ by, name }: SortHeaderProps) {
  const { filter } = usePanel();
  const order = filter.order.value;
  const direction = order.isDescending ? "descending" : "ascending";
  const isOwn = order.by === by;
  const mark = isOwn ? (order.isDescending ? "▼" : "▲") : "↕";
  return (
    <span role="columnheader" class="cell-sort" aria-sort={isOwn ? direction : undefined}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          filter.order.value = nextOrder(order, by);
        }}
      >
        {name}
        <span class="sort-mark" aria-hidden="true">
          {mark}
        </span>
      </button>
    </span>
  );
}
