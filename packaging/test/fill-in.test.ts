import assert from "node:assert/strict";
import { test } from "node:test";
import { fillIn } from "../src/fill-in.ts";

test("values take the place of their names, and macros of rpm stay", () => {
  assert.equal(fillIn("a {one} %{one} ${one} {two}", { one: "1", two: "2" }), "a 1 %{one} ${one} 2");
});

test("a name without a value, and a value without a name, are faults", () => {
  assert.throws(() => fillIn("{one} {two}", { one: "1" }), /\{two\}/);
  assert.throws(() => fillIn("{one}", { one: "1", two: "2" }), /two/);
});
