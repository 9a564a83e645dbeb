import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
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
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="shown-once" role="group" aria-label={title}>
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {children}
      <Commands text={secret.value} what={what} />
      <p class="faint">
        It is shown this once, and kept nowhere. It goes from here when you leave this page.
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
