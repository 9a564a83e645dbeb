import { computed, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ServerRow } from "../model/server.ts";
import { compareBy } from "../model/server-order.ts";
import { type ListFilter, matcher } from "./list-filter.ts";
import type { ServerListState } from "./server-list.ts";

/** The list of servers as it is looked at. Each of these changes only when what it says does. */
export interface ServerView {
  /** All rows, in order. */
  readonly ordered: ReadonlySignal<readonly Signal<ServerRow>[]>;
  /** Those that are looked for, in the same order. */
  readonly shownIds: ReadonlySignal<readonly string[]>;
  readonly shown: ReadonlySignal<ReadonlySet<string>>;
}

/** What a filter and its order make of the list. */
export function viewServers(
  list: ReadonlySignal<Pick<ServerListState, "rows">>,
  filter: ListFilter,
): ServerView {
  const ordered = stable(() => {
    const { rows } = list.value;
    const compare = compareBy(filter.order.value);
    return compare === undefined ? rows : rows.toSorted((one, other) => compare(one.value, other.value));
  });
  const shownIds = stable(() => {
    const { text, status, health } = filter;
    const isWanted = matcher({ text: text.value, status: status.value, health: health.value });
    const rows = ordered.value.map((row) => row.value);
    return rows.filter((row) => isWanted(row)).map(({ id }) => id);
  });
  return { ordered, shownIds, shown: computed(() => new Set(shownIds.value)) };
}

/** A list that stays the same one for as long as it has the same members. */
function stable<Member>(compute: () => readonly Member[]): ReadonlySignal<readonly Member[]> {
  let last: readonly Member[] = [];
  return computed(() => {
    const next = compute();
    const isSame = next.length === last.length && next.every((member, index) => member === last[index]);
    if (!isSame) last = next;
    return last;
  });
}
