import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { decodeUndo, encodeUndo, type UndoRecord } from "../../src/system/undo-record.ts";

const attributes = { mode: 0o640, uid: 3, gid: 4 };
const records: readonly UndoRecord[] = [
  { undo: "restoreFile", path: "/etc/a", content: Uint8Array.of(0, 255, 10), attributes },
  {
    undo: "restoreFile",
    path: "/etc/a b\n",
    content: new Uint8Array(),
    attributes: { ...attributes, label: "system_u:object_r:net_conf_t:s0" },
  },
  { undo: "restoreFile", path: "/etc/a", content: Uint8Array.of(1), attributes, spare: "/etc/.a.old" },
  { undo: "removeFile", path: "/etc/a" },
  { undo: "renameBack", from: "/etc/a.1.bak", path: "/etc/a" },
  { undo: "run", argv: ["ifup", "eth0"], timeoutMs: 1000 },
  { undo: "setHostname", hostname: "debian" },
  {
    undo: "restoreNetwork",
    bootId: "0d6c1b3e",
    links: [{ name: "eth0", isUp: true, mtuBytes: 1500 }],
    entries: [{ object: "address", family: 4, words: ["192.0.2.5/24", "dev", "eth0"] }],
  },
];

test("every record is one line, and is read back as it was", () => {
  for (const record of records) {
    const line = encodeUndo(record);
    assert.ok(!line.includes(0x0a));
    assert.deepEqual(decodeUndo(line), record);
  }
});

test("any content is read back as it was", () => {
  const [record] = records;
  assert.ok(record?.undo === "restoreFile");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const content = Uint8Array.from(bytes);
      assert.deepEqual(decodeUndo(encodeUndo({ ...record, content })), { ...record, content });
    }),
  );
});

test("a torn record is none", () => {
  for (const record of records) {
    const line = encodeUndo(record);
    for (let length = 0; length < line.length; length += 1) {
      assert.equal(decodeUndo(line.subarray(0, length)), undefined);
    }
  }
});

test("what is no record is none", () => {
  const texts = [
    "null",
    "[]",
    '"removeFile"',
    '{"undo":"removeFile"}',
    '{"undo":"removeFile","path":"relative"}',
    '{"undo":"renameBack","path":"/a"}',
    '{"undo":"run","argv":[],"timeoutMs":1}',
    '{"undo":"run","argv":["a",1],"timeoutMs":1}',
    '{"undo":"run","argv":["a"]}',
    '{"undo":"restoreNetwork","bootId":"a","links":[],"entries":[{"object":"rule","family":4,"words":["a"]}]}',
    '{"undo":"restoreNetwork","bootId":"a","links":[{"name":"eth0"}],"entries":[]}',
    '{"undo":"restoreNetwork","links":[],"entries":[]}',
    '{"undo":"setHostname"}',
    '{"undo":"restoreFile","path":"/a","content":"*","attributes":{"mode":1,"uid":0,"gid":0}}',
    '{"undo":"restoreFile","path":"/a","content":"","attributes":{"mode":1}}',
    '{"undo":"restoreFile","path":"/a","content":"","attributes":null}',
    '{"undo":"other","path":"/a"}',
  ];
  for (const text of texts) assert.equal(decodeUndo(encodeUtf8(text)), undefined, text);
});
