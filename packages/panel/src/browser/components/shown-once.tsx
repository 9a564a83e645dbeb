import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Button } from "./button.tsx";
import { Commands } from "./copy-button.tsx";

export interface ShownOnceProps {
  /** Of `useSecret`; nothing is shown while it is empty. */
  readonly secret: Signal<string>;
  readonly title: string;
  /** What it is, such as "password". */
  readonly what: string;
  /** What to do with it. */
  readonly children?: ComponentChildren;
  /** What else can be done with it, such as a download. */
  readonly actions?: ComponentChildren;
}

/** A secret that is told this once: it goes when its owner says to have it, and when the page is left. */
export function ShownOnce(props: ShownOnceProps) {
  const isTaken = useSignal(false);
  const isShown = props.secret.value !== "";
  if (isShown)
    return (
      <Shown
        {...props}
        onTaken={() => {
          isTaken.value = true;
        }}
      />
    );
  return isTaken.value ? <Taken what={props.what} /> : null;
}

function Shown(props: ShownOnceProps & { readonly onTaken: () => void }) {
  const { secret, title, what, children, actions, onTaken } = props;
  const id = useId();
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.focus(), []);
  return (
    <div class="shown-once" role="group" aria-labelledby={id}>
      <p class="notice-title" id={id} ref={line} tabIndex={-1}>
        {title}
      </p>
      {children}
      <Commands text={secret.value} what={what} />
      <p class="faint">
        It is shown this once, and kept nowhere: have it before you go to another tab or page.
      </p>
      <div class="actions">
        {actions}
        <Button
          kind="primary"
          onClick={() => {
            secret.value = "";
            onTaken();
          }}
        >
          I have it
        </Button>
      </div>
    </div>
  );
}

/** Takes the focus of the button that has gone. */
function Taken({ what }: { readonly what: string }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.focus(), []);
  return (
    <p class="faint shown-once-taken" ref={line} tabIndex={-1}>
      The {what} is not shown any more.
    </p>
  );
}
