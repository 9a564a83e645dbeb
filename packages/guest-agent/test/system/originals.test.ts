import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { ORIGINALS_PATH, undoAll } from "../../src/system/originals.ts";
import { createFakeSystem, type FakeSystem } from "../support/fake-system.ts";
import { withoutOriginals } from "../support/without-originals.ts";

function write(path: string, text: string): Step {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: false };
}

function change(system: FakeSystem, steps: readonly Step[], isRecorded = true): Promise<void> {
  return execute({ steps, reply: { returncode: "0", message: "" }, isRecorded }, { system, root: "/" });
}

test("undo brings back what was there before the first of several changes", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "first", { mode: 0o640, uid: 3, gid: 4, label: "label" });
  system.files.addFile("/etc/hostname", "debian\n");
  await change(system, [write("/etc/a", "second"), write("/etc/new", "x"), write("/etc/hostname", "web\n")]);
  await change(system, [write("/etc/a", "third"), { step: "removeFile", path: "/etc/new", backup: false }]);
  const { paths, losses } = await undoAll({ system, root: "/" });
  assert.deepEqual(paths, ["/etc/a", "/etc/hostname", "/etc/new"]);
  assert.deepEqual(losses, []);
  assert.deepEqual(system.files.all(), { "/etc/a": "first", "/etc/hostname": "debian\n" });
  assert.deepEqual(system.files.attributes("/etc/a"), { mode: 0o640, uid: 3, gid: 4, label: "label" });
  assert.deepEqual(
    system.calls.map(({ argv }) => argv.join(" ")),
    ["hostname debian"],
  );
});

test("the original of a link is what it leads to", async () => {
  const system = createFakeSystem();
  system.files.addFile("/data/a", "first");
  system.files.addLink("/etc/a", "/data/a");
  await change(system, [write("/etc/a", "second")]);
  await undoAll({ system, root: "/" });
  assert.deepEqual(system.files.all(), { "/data/a": "first" });
  assert.equal(system.files.readLink("/etc/a"), "/data/a");
});

test("undo of a guest in which nothing was changed does nothing", async () => {
  const system = createFakeSystem();
  assert.deepEqual(await undoAll({ system, root: "/" }), { paths: [], losses: [] });
  assert.deepEqual(system.files.changes, []);
});

test("a file that cannot be given back keeps its original, and the others are given back", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "first");
  system.files.addFile("/opt/b", "first");
  await change(system, [write("/etc/a", "second"), write("/opt/b", "second")]);
  system.files.refuse = (operation, path) =>
    operation === "create" && path.startsWith("/etc/") ? "ENOSPC" : undefined;
  const { paths, losses } = await undoAll({ system, root: "/" });
  assert.deepEqual(paths, ["/opt/b"]);
  assert.deepEqual(losses, ['Cannot restore "/etc/a": no space left on device']);
  system.files.refuse = () => undefined;
  assert.deepEqual((await undoAll({ system, root: "/" })).paths, ["/etc/a"]);
});

test("only recorded plans keep originals, readable by root alone, and not of /run", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "first");
  await change(system, [write("/etc/a", "second")], false);
  await change(system, [write("/run/state", "x")]);
  assert.equal(system.files.status(ORIGINALS_PATH), undefined);
  await change(system, [write("/etc/a", "third")]);
  assert.equal(system.files.attributes(ORIGINALS_PATH)?.mode, 0o700);
  const [name = ""] = system.files.list(ORIGINALS_PATH);
  assert.equal(system.files.attributes(`${ORIGINALS_PATH}/${name}`)?.mode, 0o600);
});

test("a file whose original cannot be kept is not touched", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "first");
  system.files.refuse = (operation, path) =>
    operation === "create" && path.startsWith(ORIGINALS_PATH) ? "ENOSPC" : undefined;
  await assert.rejects(change(system, [write("/etc/a", "second")]), {
    message: 'Cannot keep the original of "/etc/a": no space left on device',
  });
  assert.deepEqual(withoutOriginals(system.files.all()), { "/etc/a": "first" });
});
