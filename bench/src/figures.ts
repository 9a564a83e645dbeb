/** The value below which a part of the values lies: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** One line of a table: what is measured, and its figures. */
export function tableRow(what: string, ...columns: readonly string[]): string {
  return what.padEnd(32) + columns.map((column) => column.padStart(14)).join("");
}

/** A figure as short as its size allows. */
export function showFigure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 100 ? 2 : 0);
}

/** What one round of something under load gave. */
export interface LoadFigures {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  /** CPU time of the measured process for one of it. */
  readonly cpuMs: number;
}

/** The heading of `printLoad`'s lines. */
export function printLoadHeading(): void {
  console.log(tableRow("", "", "per second", "median ms", "p99 ms", "CPU ms"));
}

/** One line: the medians of all rounds. */
export function printLoad(what: string, database: string, rounds: readonly LoadFigures[]): void {
  const over = (pick: (round: LoadFigures) => number): string => showFigure(median(rounds.map(pick)));
  const rate = over(({ perSecond }) => perSecond);
  const middle = over(({ latenciesMs }) => median(latenciesMs));
  const slowest = over(({ latenciesMs }) => quantile(latenciesMs, 0.99));
  console.log(
    tableRow(
      what,
      database,
      rate,
      middle,
      slowest,
      over(({ cpuMs }) => cpuMs),
    ),
  );
}
