import type { ComponentChildren } from "preact";

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "danger" | "plain" | "quiet";
  /** `submit` sends the form around it. */
  readonly type?: "button" | "submit";
  readonly onClick?: (() => void) | undefined;
  /** Whether what it began goes on: it stays in focus, and does nothing. */
  readonly isBusy?: boolean;
  /** Why it cannot be used now, shown beside it and read with it; null when it can. */
  readonly whyNot?: string | null | undefined;
  readonly label?: string | undefined;
}

/** A button. One that cannot be used can be reached all the same, so that its reason can be read. */
export function Button(props: ButtonProps) {
  const { children, kind = "plain", type = "button", onClick, isBusy = false, whyNot = null, label } = props;
  const isOff = isBusy || whyNot !== null;
  return (
    <button
      class={`button button-${kind}`}
      type={type}
      aria-disabled={isOff}
      aria-busy={isBusy}
      aria-label={label}
      title={whyNot ?? undefined}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.();
      }}
    >
      {isBusy && <span class="spinner" aria-hidden="true" />}
      {children}
      {whyNot !== null && <span class="visually-hidden">: {whyNot}</span>}
    </button>
  );
}
