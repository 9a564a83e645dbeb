import assert from "node:assert/strict";
import test from "node:test";
import {
  checkItem,
  hasFault,
  METADATA_ITEMS_MAX,
  sortItems,
  without,
} from "../../src/browser/model/metadata.ts";

const free = { metadata: { purpose: "demo" }, former: undefined };

test("a key of letters, digits, spaces and some marks is taken, with any value", () => {
  for (const key of ["a", "Build-Config_2: web.1", "x".repeat(255)]) {
    assert.equal(hasFault(checkItem({ key, value: "é\n\u{1F600}" }, free)), false);
  }
});

test("a key that the service refuses is told before it is sent", () => {
  for (const key of ["", " a", "a ", "é", "a/b", "a\nb", "x".repeat(256)]) {
    assert.notEqual(checkItem({ key, value: "" }, free).key, undefined, JSON.stringify(key));
  }
});

test("a key that is there is changed and not added", () => {
  assert.match(checkItem({ key: "purpose", value: "" }, free).key ?? "", /change that one/);
  const changed = { ...free, former: "purpose" };
  assert.equal(hasFault(checkItem({ key: "purpose", value: "other" }, changed)), false);
});

test("names that objects have by themselves are keys as others", () => {
  assert.equal(hasFault(checkItem({ key: "constructor", value: "" }, free)), false);
});

test("a value that is too long is told with how long it is", () => {
  assert.equal(checkItem({ key: "a", value: "x".repeat(255) }, free).value, undefined);
  assert.match(checkItem({ key: "a", value: "x".repeat(256) }, free).value ?? "", /these are 256/);
});

test("no item is added beyond the limit, and one that is there can be changed", () => {
  const names = Array.from({ length: METADATA_ITEMS_MAX }, (_, index) => [`key ${index}`, ""] as const);
  const metadata = Object.fromEntries(names);
  assert.match(checkItem({ key: "new", value: "" }, { metadata, former: undefined }).key ?? "", /remove one/);
  assert.equal(hasFault(checkItem({ key: "key 1", value: "x" }, { metadata, former: "key 1" })), false);
});

test("items stand in the order of their keys, and one can be left out", () => {
  const metadata = { b: "2", a: "1", c: "3" };
  assert.deepEqual(
    sortItems(metadata).map(([key]) => key),
    ["a", "b", "c"],
  );
  assert.deepEqual(without(metadata, "b"), { a: "1", c: "3" });
});
