import assert from "node:assert/strict";
import test from "node:test";
import { renderTable } from "../../src/text/table.ts";

test("columns are as wide as their widest cell, without blanks at the end", () => {
  const rows = [
    ["5", "web-1", "yes"],
    ["12", "a", "no"],
  ];
  const expected = ["DOMID  NAME   DATA", "5      web-1  yes", "12     a      no"].join("\n");
  assert.equal(renderTable(["DOMID", "NAME", "DATA"], rows), expected);
});

test("a table without rows is its titles", () => {
  assert.equal(renderTable(["DOMID", "NAME"], []), "DOMID  NAME");
});
