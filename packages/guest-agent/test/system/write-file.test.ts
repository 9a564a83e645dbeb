import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step, WriteFileStep } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { FAKE_UNIX_TIME, type FakeSystem, createFakeSystem } from "../support/fake-system.ts";

const PATH = "/etc/app/file.conf";
const BACKUP = `${PATH}.${FAKE_UNIX_TIME}.bak`;
const FILE_ERRORS = [
  ["ENOSPC", "no space left on device"],
  ["EROFS", "read-only file system"],
  ["EDQUOT", "disk quota exceeded"],
  ["EIO", "input/output error"],
] as const;

function writeStep(changes: Partial<WriteFileStep> = {}): WriteFileStep {
  return {
    step: "writeFile",
    path: PATH,
    content: encodeUtf8("new\n"),
    mode: 0o600,
    backup: true,
    ...changes,
  };
}

function run(system: FakeSystem, ...steps: readonly Step[]): Promise<void> {
  const plan = { steps, reply: { returncode: "0", message: "" } };
  return execute(plan, { system, root: "/" });
}

async function refused(system: FakeSystem, step: Step, message: string): Promise<void> {
  await assert.rejects(run(system, step), { code: "AGENT_STEP_FAILED", message });
}

test("a new file is the agent's, which is root, has the step's mode, and its directories are made", async () => {
  const system = createFakeSystem();
  await run(system, writeStep());
  assert.deepEqual(system.files.all(), { [PATH]: "new\n" });
  assert.deepEqual(system.files.attributes(PATH), { mode: 0o600, uid: 0, gid: 0 });
  assert.equal(system.files.attributes("/etc/app")?.mode, 0o755);
});

test("an existing file keeps owner, mode and label, and so does its backup", async () => {
  const system = createFakeSystem();
  const attributes = { mode: 0o4750, uid: 7, gid: 8, label: "system_u:object_r:etc_t:s0" };
  system.files.addFile(PATH, "old\n", attributes);
  await run(system, writeStep());
  assert.deepEqual(system.files.all(), { [PATH]: "new\n", [BACKUP]: "old\n" });
  assert.deepEqual(system.files.attributes(PATH), attributes);
  assert.deepEqual(system.files.attributes(BACKUP), attributes);
});

test("a file that is right already is left alone", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, "new\n");
  await run(system, writeStep());
  assert.deepEqual(system.files.changes, []);
});

test("the new content is put in the place of the old one in one step, from the same directory", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, "old\n");
  await run(system, writeStep({ backup: false }));
  const temporary = "/etc/app/.nova-agent-0001020304050607.tmp";
  assert.deepEqual(system.files.changes, [`create ${temporary}`, `rename ${temporary}`, `rename ${PATH}`]);
});

test("a backup gets its name when it is whole, before the file changes", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, "old\n");
  await run(system, writeStep());
  const [first, second] = ["0001020304050607", "08090a0b0c0d0e0f"].map(
    (digits) => `/etc/app/.nova-agent-${digits}.tmp`,
  );
  assert.deepEqual(system.files.changes, [
    `create ${first}`,
    `rename ${first}`,
    `rename ${BACKUP}`,
    `create ${second}`,
    `rename ${second}`,
    `rename ${PATH}`,
  ]);
});

test("a backup never takes the place of another one", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, "old\n");
  system.files.addFile(BACKUP, "older\n");
  await run(system, writeStep());
  assert.equal(system.files.text(BACKUP), "older\n");
  assert.equal(system.files.text(`${PATH}.${FAKE_UNIX_TIME}.1.bak`), "old\n");
});

test("the target of a link is what is replaced and backed up", async () => {
  const system = createFakeSystem();
  system.files.addLink(PATH, "../real/target");
  system.files.addFile("/etc/real/target", "old\n");
  await run(system, writeStep());
  assert.equal(system.files.status(PATH)?.kind, "link");
  const target = "/etc/real/target";
  assert.deepEqual(system.files.all(), { [target]: "new\n", [`${target}.${FAKE_UNIX_TIME}.bak`]: "old\n" });
});

test("a link that leads nowhere gets its target, with directories", async () => {
  const system = createFakeSystem();
  system.files.addLink(PATH, "/run/resolve/file");
  await run(system, writeStep());
  assert.deepEqual(system.files.all(), { "/run/resolve/file": "new\n" });
});

test("a directory, a device and a way through a file are refused and nothing is changed", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/etc/app/directory");
  system.files.addOther("/dev/null");
  system.files.addFile("/etc/passwd", "");
  const cases = [
    ["/etc/app/directory", 'Cannot write "/etc/app/directory": is a directory'],
    ["/dev/null", 'Cannot write "/dev/null": is no regular file'],
    ["/etc/passwd/file", 'Cannot write "/etc/passwd/file": not a directory'],
    ["/", 'Cannot write "/": is a directory'],
  ] as const;
  for (const [path, message] of cases) await refused(system, writeStep({ path }), message);
  assert.deepEqual(system.files.changes, []);
});

for (const [code, words] of FILE_ERRORS) {
  for (const operation of ["create", "rename"] as const) {
    test(`${code} at ${operation} leaves the old file and nothing else`, async () => {
      const system = createFakeSystem();
      system.files.addFile(PATH, "old\n");
      system.files.refuse = (asked, path) =>
        asked === operation && path.includes(".nova-agent-") ? code : undefined;
      await refused(system, writeStep(), `Cannot write "${PATH}": ${words}`);
      assert.deepEqual(system.files.all(), { [PATH]: "old\n" });
    });
  }
}

test("a backup that cannot be written leaves the old file and nothing else", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, "old\n");
  system.files.refuse = (asked, path) => (asked === "rename" && path === BACKUP ? "ENOSPC" : undefined);
  await refused(system, writeStep(), `Cannot write "${PATH}": no space left on device`);
  assert.deepEqual(system.files.all(), { [PATH]: "old\n" });
});

test("what an interrupted write has left goes with the next write in that directory", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/app/.nova-agent-0123456789abcdef.tmp", "half");
  system.files.addFile("/etc/app/.nova-agent-other.tmp", "somebody's");
  system.files.addDirectory("/etc/app/.nova-agent-fedcba9876543210.tmp");
  await run(system, writeStep());
  assert.deepEqual(system.files.all(), { [PATH]: "new\n", "/etc/app/.nova-agent-other.tmp": "somebody's" });
});

test("a file over 16 MiB is refused and left", async () => {
  const system = createFakeSystem();
  system.files.addFile(PATH, new Uint8Array(16 * 1024 * 1024 + 1));
  await refused(system, writeStep(), `Cannot write "${PATH}": file too large`);
  assert.deepEqual(system.files.changes, []);
});
