/** Columns of text under their titles, two blanks apart; the last column is not filled up. */
export function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_title, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? "").length)),
  );
  const render = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return lines.map(render).join("\n");
}
