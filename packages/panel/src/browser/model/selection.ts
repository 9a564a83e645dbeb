/** What is chosen in a list, by id. */
export type Selected = ReadonlySet<string>;

export interface Choice {
  readonly id: string;
  readonly isSelected: boolean;
  /** Where a range begins that ends here; undefined for one alone. */
  readonly from: string | undefined;
}

/** The selection after a choice; `ids` are those in sight, in their order. */
export function choose(selected: Selected, ids: readonly string[], choice: Choice): Selected {
  const next = new Set(selected);
  for (const id of chosen(ids, choice)) {
    if (choice.isSelected) next.add(id);
    else next.delete(id);
  }
  return next;
}

function chosen(ids: readonly string[], { id, from }: Choice): readonly string[] {
  const start = from === undefined ? -1 : ids.indexOf(from);
  const end = ids.indexOf(id);
  // What it began with may be out of sight by now.
  if (start === -1 || end === -1) return [id];
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
