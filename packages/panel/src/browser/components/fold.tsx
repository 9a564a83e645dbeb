import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export interface FoldProps {
  readonly summary: ComponentChildren;
  readonly isOpenAtFirst?: boolean;
  /** Drawn once it is open: what is folded costs nothing. */
  readonly children: () => ComponentChildren;
}

/** Something that is opened when somebody wants to know. */
export function Fold({ summary, isOpenAtFirst = false, children }: FoldProps) {
  const isOpen = useSignal(isOpenAtFirst);
  return (
    <details
      class="fold"
      open={isOpen.value}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>{summary}</summary>
      {isOpen.value && <div class="fold-inside">{children()}</div>}
    </details>
  );
}
