import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { createLogger } from "../../src/log.ts";
import { recover } from "../../src/system/executor.ts";
import { JOURNAL_PATH } from "../../src/system/journal.ts";
import { decodeUndo, encodeUndo, type UndoRecord } from "../../src/system/undo-record.ts";
import { createFakeSystem, type FakeSystem } from "../support/fake-system.ts";

const attributes = { mode: 0o600, uid: 1, gid: 2 };
const records: readonly UndoRecord[] = [
  { undo: "restoreFile", path: "/etc/a", content: encodeUtf8("old\n"), attributes },
  { undo: "removeFile", path: "/etc/new" },
  { undo: "run", argv: ["ifup", "eth0"], timeoutMs: 1000 },
  { undo: "setHostname", hostname: "debian" },
];

function createCutOff(torn = "", run: (program: string) => number = () => 0): FakeSystem {
  const system = createFakeSystem({ run: ({ argv }) => ({ status: run(argv[0] ?? "") }) });
  const text = records.map((record) => `${Buffer.from(encodeUndo(record)).toString()}\n`).join("");
  system.files.addFile(JOURNAL_PATH, text + torn);
  system.files.addFile("/etc/a", "new\n");
  system.files.addFile("/etc/new", "new\n");
  return system;
}

function start(system: FakeSystem, isBeforeNetwork = false): Promise<void> {
  const log = createLogger({ level: "debug", write: (line) => system.log(line), unixTime: () => 0 });
  return recover({ system, root: "/", log, isBeforeNetwork });
}

function journalOf(system: FakeSystem): (UndoRecord | undefined)[] {
  const lines = (system.files.text(JOURNAL_PATH) ?? "").trimEnd().split("\n");
  return lines.map((line) => decodeUndo(encodeUtf8(line)));
}

function programsOf(system: FakeSystem): string[] {
  return system.calls.map(({ argv }) => argv.join(" "));
}

test("a journal is performed from its end, told of, and removed", async () => {
  const system = createCutOff();
  await start(system);
  assert.deepEqual(programsOf(system), ["hostname debian", "ifup eth0"]);
  assert.deepEqual(system.files.all(), { "/etc/a": "old\n" });
  assert.deepEqual(system.files.attributes("/etc/a"), attributes);
  const line = system.lines.find((each) => each.includes('"warn"')) ?? "";
  assert.match(line, /"Took back a change that was cut off","records":4,"losses":""/);
});

test("a torn last record is passed over, the others are performed", async () => {
  const system = createCutOff('{"undo":"restoreFile","path":"/etc/a","con');
  await start(system);
  assert.deepEqual(system.files.all(), { "/etc/a": "old\n" });
});

test("what cannot be taken back is told, and the rest is taken back", async () => {
  const system = createCutOff("", (program) => (program === "ifup" ? 1 : 0));
  await start(system);
  assert.deepEqual(system.files.all(), { "/etc/a": "old\n" });
  assert.ok(system.lines.some((line) => line.includes("Cannot take back by ifup: 1")));
});

test("a file that cannot be restored keeps the journal for the next start, with the programs behind it", async () => {
  const system = createCutOff();
  system.files.refuse = (operation, path) =>
    operation === "rename" && path === "/etc/a" ? "EROFS" : undefined;
  for (const _start of [1, 2]) {
    await start(system);
    assert.deepEqual(journalOf(system), records.slice(0, 1).concat(records.slice(2, 3)));
  }
  // What was taken back is nobody's business any more, and may be somebody's repair.
  system.files.addFile("/etc/new", "by hand\n");
  system.files.refuse = () => undefined;
  await start(system);
  assert.deepEqual(system.files.all(), { "/etc/a": "old\n", "/etc/new": "by hand\n" });
});

test("a program that cannot take back is not run again at every start", async () => {
  const system = createCutOff("", (program) => (program === "ifup" ? 1 : 0));
  await start(system);
  await start(system);
  assert.deepEqual(programsOf(system), ["hostname debian", "ifup eth0"]);
});

test("a spare of a file is what the file becomes again, and is gone then", async () => {
  for (const content of ["old\n", "torn"]) {
    const spare = "/etc/.nova-agent-0000000000000000.old";
    const [record] = records;
    assert.ok(record?.undo === "restoreFile");
    const system = createFakeSystem();
    system.files.addFile(JOURNAL_PATH, Buffer.from(encodeUndo({ ...record, spare })).toString());
    system.files.addFile("/etc/a", "new\n");
    system.files.create(spare, encodeUtf8(content), attributes);
    system.files.changes.splice(0);
    await start(system);
    assert.deepEqual(system.files.all(), { "/etc/a": "old\n" });
    assert.deepEqual(system.files.attributes("/etc/a"), attributes);
    const isNew = system.files.changes.some((change) => change.startsWith("create"));
    assert.equal(isNew, content === "torn");
  }
});

test("before the network's services have started, files alone are taken back", async () => {
  const system = createCutOff();
  await start(system, true);
  assert.deepEqual(programsOf(system), ["hostname debian"]);
  assert.deepEqual(system.files.all(), { "/etc/a": "old\n" });
});

test("without a journal nothing is done and nothing told", async () => {
  const system = createFakeSystem();
  await start(system);
  assert.deepEqual([system.calls, system.lines, system.files.changes], [[], [], []]);
});
