import type { BenchServerKind } from "./xenstore-server.ts";

/** One figure of every server. */
type Figures = Readonly<Record<BenchServerKind, number>>;

/** One line of the table. */
export interface Row {
  readonly title: string;
  readonly unit: string;
  readonly isMoreBetter: boolean;
  readonly values: Figures;
  /** CPU time of the server for one operation, in microseconds. */
  readonly cpuUs?: Figures;
}

const header = ["", "", "ours", "c", "ox", "ours/c", "ours/ox", "CPU us: ours", "c", "ox"];

/** Prints the figures side by side. A ratio over 1 always says that ours is better. */
export function printTable(rows: readonly Row[]): void {
  const lines = [header, ...rows.map((row) => cells(row))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) {
    const padded = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column < 2 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(padded.join("  ").trimEnd());
  }
  console.log("A ratio over 1 says that ours is better, also where less is better (ms, MiB).");
}

function cells({ title, unit, isMoreBetter, values, cpuUs }: Row): string[] {
  const { ours, c, ox } = values;
  const ratio = (other: number): string => (isMoreBetter ? ours / other : other / ours).toFixed(2);
  const figures = [ours, c, ox].map((value) => showFigure(value));
  const cpu = cpuUs === undefined ? [] : [cpuUs.ours, cpuUs.c, cpuUs.ox].map((value) => value.toFixed(2));
  return [title, unit, ...figures, ratio(c), ratio(ox), ...cpu];
}

function showFigure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 100 ? 2 : 0);
}
