import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "../state/panel.ts";

export interface PageProps {
  readonly title: string;
  /** Of the document, where it says more than the heading. */
  readonly documentTitle?: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page: who comes by keyboard or screen reader begins at its heading. */
export function Page({ title, documentTitle = title, actions, children }: PageProps) {
  const { router } = usePanel();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · Cloud Control Panel`;
  }, [documentTitle]);
  useLayoutEffect(() => {
    router.restoreScroll();
    // Whoever has just loaded the panel begins at its top, and can skip to here.
    if (router.hasMoved) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </>
  );
}
