import { batch, type Signal, signal } from "@preact/signals";
import type { ServerRow } from "../model/server.ts";

export interface ReadRows {
  readonly read: readonly ServerRow[];
  /** Those that were asked for, of which some may be gone; undefined for all. */
  readonly ids: readonly string[] | undefined;
}

/**
 * The rows with what was read, the newest first, as the service lists them. A row that is as it was is not
 * drawn again, nor is the list when it has the same rows.
 */
export function mergeRows(
  rows: readonly Signal<ServerRow>[],
  { read, ids }: ReadRows,
): readonly Signal<ServerRow>[] {
  const former = new Map(rows.map((row) => [row.peek().id, row]));
  batch(() => {
    for (const row of read) refresh(former.get(row.id), row);
  });
  const next = ids === undefined ? read.map((row) => former.get(row.id) ?? signal(row)) : mergeSome();
  const isSame = next.length === rows.length && next.every((row, index) => row === rows[index]);
  return isSame ? rows : next;

  function mergeSome(): readonly Signal<ServerRow>[] {
    const asked = new Set(ids);
    const found = new Set(read.map(({ id }) => id));
    const added = read.filter(({ id }) => !former.has(id)).map((row) => signal(row));
    const kept = rows.filter((row) => !asked.has(row.peek().id) || found.has(row.peek().id));
    return [...added, ...kept];
  }
}

function refresh(known: Signal<ServerRow> | undefined, row: ServerRow): void {
  if (known !== undefined && JSON.stringify(known.peek()) !== JSON.stringify(row)) known.value = row;
}
