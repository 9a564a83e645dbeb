import type { RunResult } from "./run-seed.ts";

/** Which seeds, what runs one, and where lines go. */
export interface SearchOptions {
  readonly first: number;
  readonly count: number;
  readonly run: (seed: number) => Promise<Pick<RunResult, "violations" | "faultCounts" | "ends">>;
  readonly print: (line: string) => void;
}

/** Runs seeds one after the other up to the first that fails; whether none did. */
export async function searchSeeds({ first, count, run, print }: SearchOptions): Promise<boolean> {
  const totals = new Map<string, number>();
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, faultCounts, ends } = await run(seed);
    for (const [name, number] of [...faultCounts, ...ends])
      totals.set(name, (totals.get(name) ?? 0) + number);
    if (violations.length > 0) {
      for (const violation of violations) print(violation);
      print(`Seed ${seed} failed. Replay it with: npm run simulate -- --seed ${seed}`);
      return false;
    }
  }
  print(`${count} seeds passed: ${[...totals].map(([name, number]) => `${name} ${number}`).join(", ")}`);
  return true;
}
