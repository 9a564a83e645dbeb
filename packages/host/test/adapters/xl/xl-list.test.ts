import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { parseDomidLine, parseXlList } from "../../../src/adapters/xl/xl-list.ts";
import { hasCode } from "../../support/has-code.ts";

/** What xl of Xen 4.17.7 printed of Dom0 and of a paravirtualized domain with a disk and a network card. */
const realList = new URL("../../../../test/golden/xl/list-4.17.json", import.meta.url);

test("the list has every domain with a name but Dom0", async () => {
  assert.deepEqual(parseXlList(await readFile(realList, "utf8")), [
    { domid: 1, name: "a", uuid: "0cf0f8e2-e6d4-11f1-9597-eb545c6ab29e" },
  ]);
  assert.deepEqual(parseXlList("[]\n"), []);
});

test("a domain that is being made or ends, which has no name yet or no more, is left out", () => {
  const entries = [{ domid: 4, config: { c_info: {}, b_info: {} } }, { domid: 5 }, { domid: 6, config: {} }];
  assert.deepEqual(parseXlList(JSON.stringify(entries)), []);
});

test("what is no list of domains is told with its beginning", () => {
  for (const text of ["", "Name  ID  Mem\n", "{}"]) {
    assert.throws(() => parseXlList(text), hasCode("TOOLSTACK_FAILED"));
  }
});

test("a domid is a number on a line of its own, and never Dom0's", () => {
  assert.equal(parseDomidLine("12\n"), 12);
  for (const text of ["", "0\n", "web", "12 13", "123456"]) {
    assert.throws(() => parseDomidLine(text), hasCode("TOOLSTACK_FAILED"), text);
  }
});
