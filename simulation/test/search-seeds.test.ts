import assert from "node:assert/strict";
import { test } from "node:test";
import { searchSeeds } from "../src/search-seeds.ts";

test("the first seed that fails is told with what was wrong and how to replay it, and ends the search", async () => {
  const [ran, lines]: [number[], string[]] = [[], []];
  const run = async (seed: number) => {
    ran.push(seed);
    const violations = seed === 7 ? ["the password was set twice"] : [];
    return { violations, faultCounts: new Map([["agentCrash", 1] as const]), ends: new Map([["done", 1]]) };
  };
  const print = (line: string): void => void lines.push(line);
  assert.equal(await searchSeeds({ first: 5, count: 10, run, print }), false);
  assert.deepEqual(ran, [5, 6, 7]);
  assert.deepEqual(lines, [
    "the password was set twice",
    "Seed 7 failed. Replay it with: npm run simulate -- --seed 7",
  ]);
  lines.length = 0;
  assert.equal(await searchSeeds({ first: 8, count: 2, run, print }), true);
  assert.deepEqual(lines, ["2 seeds passed: agentCrash 2, done 2"]);
});
