import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";
import { searchSeeds } from "./search-seeds.ts";

/** Runs one seed and tells all that happened, or many and tells the first that fails. */
async function main(): Promise<number> {
  const options = { seed: { type: "string" }, seeds: { type: "string" }, from: { type: "string" } } as const;
  const { values } = parseArgs({ options });
  if (values.seed !== undefined) return replay(parseCount(values.seed));
  const isPassed = await searchSeeds({
    first: parseCount(values.from ?? "1"),
    count: parseCount(values.seeds ?? "200"),
    run: (seed) => runSeed({ seed }),
    print: (line) => console.log(line),
  });
  return isPassed ? 0 : 1;
}

async function replay(seed: number): Promise<number> {
  const result = await runSeed({ seed, isLogKept: true });
  for (const line of result.lines) console.log(line);
  console.log(`seed ${seed}: hash ${result.hash}, ${result.violations.length} violations`);
  return result.violations.length === 0 ? 0 : 1;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`"${text}" is not a number of seeds`);
  return count;
}

process.exitCode = await main();
