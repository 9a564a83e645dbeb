import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { createLogger } from "../../src/log.ts";
import { recover } from "../../src/system/executor.ts";
import { JOURNAL_PATH } from "../../src/system/journal.ts";
import { encodeUndo, type UndoRecord } from "../../src/system/undo-record.ts";
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
