import type { ComponentChildren } from "preact";

export interface WideTableProps {
  readonly title: string;
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table that is moved sideways, by keys as well, where it does not fit; the page is not. */
export function WideTable({ title, columns, children }: WideTableProps) {
  return (
    <div class="wide" role="region" aria-label={title} tabIndex={0}>
      <table class="plain-table">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
