import type { ComponentChildren } from "preact";
import { pathOf, type Route } from "../router/route.ts";
import { usePanel } from "../state/panel.ts";

export interface LinkProps {
  readonly to: Route;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** Whether it leads to where one is. */
  readonly isCurrent?: boolean;
  /** Whether where one is belongs to where it leads. */
  readonly isWithin?: boolean;
}

/** A link to another page of the panel; with a key that asks for a new tab it is the browser's. */
export function Link({ to, children, class: className, isCurrent = false, isWithin = false }: LinkProps) {
  const { router } = usePanel();
  return (
    <a
      class={className}
      href={pathOf(to)}
      aria-current={isCurrent ? "page" : isWithin ? "true" : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.go(to);
      }}
    >
      {children}
    </a>
  );
}
