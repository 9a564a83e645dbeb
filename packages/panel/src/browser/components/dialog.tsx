import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether something goes on in it that must not get out of sight. */
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

/** A dialog over the page: Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, isBusy = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // At once, both ways: keys that are pressed meanwhile go to what is in sight.
  useLayoutEffect(() => {
    const dialog = ref.current;
    const former = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (former instanceof HTMLElement) former.focus();
    };
  }, []);
  return (
    <dialog
      class="dialog"
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!isBusy) onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
