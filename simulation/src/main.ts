import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";

/** Runs one seed and tells all that happened, or many and tells the first that fails. */
async function main(): Promise<number> {
  const options = { seed: { type: "string" }, seeds: { type: "string" }, from: { type: "string" } } as const;
  const { values } = parseArgs({ options });
  if (values.seed !== undefined) return replay(parseCount(values.seed));
  return search({ first: parseCount(values.from ?? "1"), count: parseCount(values.seeds ?? "200") });
}

async function replay(seed: number): Promise<number> {
  const result = await runSeed({ seed, isLogKept: true });
  for (const line of result.lines) console.log(line);
  console.log(`seed ${seed}: hash ${result.hash}, ${result.violations.length} violations`);
  return result.violations.length === 0 ? 0 : 1;
}

async function search({ first, count }: { readonly first: number; readonly count: number }): Promise<number> {
  const totals = new Map<string, number>();
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, faultCounts, ends } = await runSeed({ seed });
    for (const [name, number] of [...faultCounts, ...ends])
      totals.set(name, (totals.get(name) ?? 0) + number);
    if (violations.length > 0) {
      for (const violation of violations) console.log(violation);
      console.log(`Seed ${seed} failed. Replay it with: npm run simulate -- --seed ${seed}`);
      return 1;
    }
  }
  console.log(
    `${count} seeds passed: ${[...totals].map(([name, number]) => `${name} ${number}`).join(", ")}`,
  );
  return 0;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`"${text}" is not a number of seeds`);
  return count;
}

process.exitCode = await main();
