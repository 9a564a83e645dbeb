import { type ReadonlySignal, type Signal, useComputed } from "@preact/signals";
import { Ago } from "../../components/ago.tsx";
import { Badge } from "../../components/badge.tsx";
import { Link } from "../../components/link.tsx";
import type { ServerRow } from "../../model/server.ts";
import { healthOf, operationName, statusOf } from "../../model/words.ts";

export type Selection = Signal<ReadonlySet<string>>;

export interface ServerTableProps {
  readonly rows: readonly Signal<ServerRow>[];
  /** Undefined for those who may only look. */
  readonly selected: Selection | undefined;
}

/**
 * A table of elements with roles, not of table elements: then the browser lays out and draws the rows that
 * are in sight alone (CSS Containment, content-visibility), and finds and reads all of them.
 */
export function ServerTable({ rows, selected }: ServerTableProps) {
  return (
    <div
      class={`table ${selected === undefined ? "" : "table-selectable"}`}
      role="table"
      aria-label="Servers"
    >
      <div class="table-head" role="rowgroup">
        <div class="row" role="row">
          {selected !== undefined && (
            <span role="columnheader">
              <SelectAll rows={rows} selected={selected} />
            </span>
          )}
          <span role="columnheader">Name</span>
          <span role="columnheader">Status</span>
          <span role="columnheader">Addresses</span>
          <span role="columnheader">Agent</span>
          <span role="columnheader">Now</span>
        </div>
      </div>
      <div role="rowgroup">
        {rows.map((row) => (
          <Row key={row.peek().id} row={row} selected={selected} />
        ))}
      </div>
    </div>
  );
}

function SelectAll({
  rows,
  selected,
}: Required<Pick<ServerTableProps, "rows">> & { readonly selected: Selection }) {
  const count = rows.filter((row) => selected.value.has(row.value.id)).length;
  return (
    <input
      type="checkbox"
      aria-label="Select all that are shown"
      checked={count > 0 && count === rows.length}
      indeterminate={count > 0 && count < rows.length}
      onChange={(event) => {
        selected.value = new Set(event.currentTarget.checked ? rows.map((row) => row.value.id) : []);
      }}
    />
  );
}

interface RowProps {
  readonly row: ReadonlySignal<ServerRow>;
  readonly selected: Selection | undefined;
}

function Row({ row, selected }: RowProps) {
  const server = row.value;
  const isSelected = useComputed(() => selected?.value.has(row.value.id) ?? false);
  return (
    <div class={`row ${isSelected.value ? "row-selected" : ""}`} role="row">
      {selected !== undefined && (
        <span role="cell" class="cell-select">
          <input
            type="checkbox"
            aria-label={`Select ${server.name}`}
            checked={isSelected.value}
            onChange={(event) => select(selected, server.id, event.currentTarget.checked)}
          />
        </span>
      )}
      <span role="cell" class="cell-name">
        <Link to={{ page: "server", id: server.id, tab: "overview" }}>{server.name}</Link>
      </span>
      <span role="cell">
        <Badge {...statusOf(server)} />
      </span>
      <span role="cell" class="cell-addresses">
        {server.addresses.length === 0 ? (
          <span class="faint">none</span>
        ) : (
          <Addresses all={server.addresses} />
        )}
      </span>
      <span role="cell" class="cell-agent">
        <AgentCell server={server} />
      </span>
      <span role="cell" class="cell-now">
        {server.operation === null ? "" : `${operationName(server.operation.kind)} …`}
      </span>
    </div>
  );
}

function Addresses({ all }: { readonly all: readonly string[] }) {
  const [first, second, ...more] = all;
  return (
    <>
      {first}
      {second !== undefined && `, ${second}`}
      {more.length > 0 && <span class="faint"> and {more.length} more</span>}
    </>
  );
}

function AgentCell({ server: { agent } }: { readonly server: ServerRow }) {
  return (
    <>
      <Badge {...healthOf(agent.health)} />
      {agent.version !== null && <span class="faint"> {agent.version}</span>}
      {agent.last_seen_at !== null && (
        <span class="faint">
          {" "}
          <Ago at={agent.last_seen_at} />
        </span>
      )}
    </>
  );
}

function select(selected: Selection, id: string, isSelected: boolean): void {
  const next = new Set(selected.value);
  if (isSelected) next.add(id);
  else next.delete(id);
  selected.value = next;
}
