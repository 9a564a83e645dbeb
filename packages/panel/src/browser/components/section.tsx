import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface SectionProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What can be done with all of it, beside the title. */
  readonly actions?: ComponentChildren;
}

/** A part of a page. */
export function Section({ title, children, actions }: SectionProps) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
