import assert from "node:assert/strict";
import test from "node:test";
import { type Choice, choose } from "../../src/browser/model/selection.ts";

const ids = ["a", "b", "c", "d", "e"];

const table: readonly {
  readonly name: string;
  readonly before: readonly string[];
  readonly choice: Choice;
  readonly after: readonly string[];
}[] = [
  {
    name: "one more is selected",
    before: ["a"],
    choice: { id: "c", isSelected: true, from: undefined },
    after: ["a", "c"],
  },
  {
    name: "one less is selected",
    before: ["a", "c"],
    choice: { id: "a", isSelected: false, from: undefined },
    after: ["c"],
  },
  {
    name: "a range downwards is selected",
    before: ["b"],
    choice: { id: "d", isSelected: true, from: "b" },
    after: ["b", "c", "d"],
  },
  {
    name: "a range upwards is selected",
    before: ["d"],
    choice: { id: "b", isSelected: true, from: "d" },
    after: ["b", "c", "d"],
  },
  {
    name: "a range is given up",
    before: ["a", "b", "c", "d", "e"],
    choice: { id: "d", isSelected: false, from: "b" },
    after: ["a", "e"],
  },
  {
    name: "a range that began out of sight is one alone",
    before: [],
    choice: { id: "d", isSelected: true, from: "z" },
    after: ["d"],
  },
  {
    name: "what is out of sight stays as it is",
    before: ["z"],
    choice: { id: "b", isSelected: true, from: "a" },
    after: ["a", "b", "z"],
  },
];

for (const { name, before, choice, after } of table) {
  test(name, () => {
    const selected = new Set(before);
    assert.deepEqual([...choose(selected, ids, choice)].toSorted(), after);
    assert.deepEqual([...selected], before);
  });
}
