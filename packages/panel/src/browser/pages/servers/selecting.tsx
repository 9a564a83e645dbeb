import { type ReadonlySignal, type Signal, signal, useComputed } from "@preact/signals";
import type { TargetedMouseEvent } from "preact";
import type { ServerRow } from "../../model/server.ts";
import { choose, type Selected } from "../../model/selection.ts";
import type { ServerView } from "../../state/server-view.ts";

/** Which servers are selected; with Shift, all from the one before to this one. */
export class Selecting {
  readonly selected: Signal<Selected> = signal(new Set());
  readonly #view: ServerView;
  #last: string | undefined;

  constructor(view: ServerView) {
    this.#view = view;
  }

  choose(id: string, { isSelected, isRange }: { readonly isSelected: boolean; readonly isRange: boolean }) {
    const from = isRange ? this.#last : undefined;
    this.#last = id;
    const ids = this.#view.shownIds.value;
    this.selected.value = choose(this.selected.value, ids, { id, isSelected, from });
  }

  /** Those in sight, or none. */
  chooseAll(isSelected: boolean): void {
    this.#last = undefined;
    this.selected.value = new Set(isSelected ? this.#view.shownIds.value : []);
  }
}

export interface SelectAllProps {
  readonly view: ServerView;
  readonly selecting: Selecting;
}

export function SelectAll({ view, selecting }: SelectAllProps) {
  const { shownIds } = view;
  const count = useComputed(() => shownIds.value.filter((id) => selecting.selected.value.has(id)).length);
  const isAll = count.value > 0 && count.value === shownIds.value.length;
  return (
    <input
      type="checkbox"
      aria-label="Select all that are shown"
      checked={isAll}
      indeterminate={count.value > 0 && !isAll}
      onChange={(event) => selecting.chooseAll(event.currentTarget.checked)}
    />
  );
}

export interface SelectOneProps {
  readonly server: Pick<ServerRow, "id" | "name">;
  readonly selecting: Selecting;
  readonly isSelected: ReadonlySignal<boolean>;
}

export function SelectOne({ server: { id, name }, selecting, isSelected }: SelectOneProps) {
  const onClick = ({ currentTarget, shiftKey }: TargetedMouseEvent<HTMLInputElement>): void =>
    selecting.choose(id, { isSelected: currentTarget.checked, isRange: shiftKey });
  return (
    <input
      type="checkbox"
      aria-label={`Select ${name}`}
      checked={isSelected}
      // With Shift the browser would mark the text between.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={onClick}
    />
  );
}
