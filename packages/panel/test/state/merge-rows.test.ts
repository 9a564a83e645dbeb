import assert from "node:assert/strict";
import test from "node:test";
import { effect, type Signal, signal } from "@preact/signals";
import type { ServerRow } from "../../src/browser/model/server.ts";
import { mergeRows } from "../../src/browser/state/merge-rows.ts";
import { sampleRow } from "../support/sample-row.ts";

function rowsOf(...ids: string[]): readonly Signal<ServerRow>[] {
  return ids.map((id) => signal(sampleRow({ id })));
}

function read(...ids: string[]): readonly ServerRow[] {
  return ids.map((id) => sampleRow({ id }));
}

const table: readonly {
  readonly name: string;
  readonly before: readonly string[];
  readonly read: readonly string[];
  readonly ids?: readonly string[];
  readonly after: readonly string[];
}[] = [
  { name: "the first reading", before: [], read: ["b", "a"], after: ["b", "a"] },
  { name: "one more", before: ["b", "a"], read: ["c", "b", "a"], after: ["c", "b", "a"] },
  { name: "one less", before: ["c", "b", "a"], read: ["c", "a"], after: ["c", "a"] },
  { name: "one in place of another", before: ["b", "a"], read: ["c", "a"], after: ["c", "a"] },
  { name: "none left", before: ["b", "a"], read: [], after: [] },
  { name: "an order of the service", before: ["b", "a"], read: ["a", "b"], after: ["a", "b"] },
  { name: "one that was asked for", before: ["b", "a"], read: ["a"], ids: ["a"], after: ["b", "a"] },
  { name: "a new one alone", before: ["b", "a"], read: ["c"], ids: ["c"], after: ["c", "b", "a"] },
  { name: "one that is gone", before: ["c", "b", "a"], read: [], ids: ["b"], after: ["c", "a"] },
  { name: "another that never was here", before: ["a"], read: [], ids: ["z"], after: ["a"] },
  {
    name: "one new, one changed and one gone",
    before: ["c", "b", "a"],
    read: ["d", "a"],
    ids: ["d", "b", "a"],
    after: ["d", "c", "a"],
  },
];

for (const { name, before, read: ids, ids: asked, after } of table) {
  test(`the list after ${name}`, () => {
    const merged = mergeRows(rowsOf(...before), { read: read(...ids), ids: asked });
    assert.deepEqual(
      merged.map((row) => row.value.id),
      after,
    );
  });
}

test("the same rows are the same list", () => {
  const rows = rowsOf("b", "a");
  assert.equal(mergeRows(rows, { read: read("b", "a"), ids: undefined }), rows);
  assert.equal(mergeRows(rows, { read: read("a"), ids: ["a"] }), rows);
});

test("a row stays its own signal, and one that is as it was tells nobody", () => {
  const rows = rowsOf("b", "a");
  const drawn: string[] = [];
  const ends = rows.map((row) => effect(() => void drawn.push(`${row.value.id} ${row.value.name}`)));
  drawn.length = 0;
  const renamed = sampleRow({ id: "a", name: "renamed" });
  const merged = mergeRows(rows, { read: [sampleRow({ id: "b" }), renamed], ids: undefined });
  for (const end of ends) end();
  assert.equal(merged[1], rows[1]);
  assert.deepEqual(drawn, ["a renamed"]);
});
