import assert from "node:assert/strict";
import { test } from "node:test";
import { planReset } from "../../src/commands/resetnetwork.ts";
import { createLogger } from "../../src/log.ts";
import { execute } from "../../src/system/executor.ts";
import { readResetFacts, readWantedGuest } from "../../src/system/reset-facts.ts";
import { runUndoCommand } from "../../src/command-line/undo-command.ts";
import { canonical, createDebianGuest } from "../support/debian-guest.ts";
import type { FakeSystem } from "../support/fake-system.ts";
import { createReader, networkingData } from "../support/vm-data.ts";

const log = createLogger({ level: "debug", write: () => {}, unixTime: () => 0 });

/** A guest whose network and host name have been changed, and its files before that. */
async function changedGuest(
  prepare: (system: FakeSystem) => void = () => {},
): Promise<{ system: FakeSystem; before: Record<string, string> }> {
  const system = createDebianGuest();
  prepare(system);
  const before = system.files.all();
  const values = { ...networkingData(canonical.networking), "vm-data/hostname": "web01" };
  const guest = { system, root: "/" };
  await execute(planReset(await readResetFacts(await readWantedGuest(createReader(values)), guest)), guest);
  return { system, before };
}

async function undo(system: FakeSystem, isAppliedAtStart = true) {
  let output = "";
  const print = (text: string): void => void (output += text);
  const isDone = await runUndoCommand({ system, log, root: "/", isAppliedAtStart, print });
  return { isDone, output };
}

/** Files without those of the agent's own. */
function others(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => isOthers(path)));
}

function isOthers(path: string): boolean {
  return !path.startsWith("/var/lib/nova-agent/") && !path.endsWith(".bak");
}

test("undo brings the files back, names them, and says what the agent would do next", async () => {
  const { system, before } = await changedGuest();
  assert.notDeepEqual(others(system.files.all()), before);
  const { isDone, output } = await undo(system);
  assert.equal(isDone, true);
  assert.deepEqual(others(system.files.all()), before);
  assert.match(output, /^\/etc\/hostname is as it was\n\/etc\/hosts is as it was\n/);
  assert.match(
    output,
    /\nThe network in the kernel stays .+\nThe agent would apply .+ apply_at_start = no .+\n$/,
  );
});

test("undo does not warn of a start that would change nothing", async () => {
  const { system } = await changedGuest();
  assert.doesNotMatch((await undo(system, false)).output, /apply_at_start/);
});

test("a second undo has nothing to do", async () => {
  const { system } = await changedGuest();
  await undo(system);
  assert.deepEqual(await undo(system), { isDone: true, output: "Nothing to undo\n" });
});

test("what cannot be brought back is told", async () => {
  const { system } = await changedGuest();
  system.files.refuse = (operation, path) =>
    operation === "rename" && path === "/etc/hosts" ? "EROFS" : undefined;
  const { isDone, output } = await undo(system);
  assert.equal(isDone, false);
  assert.match(output, /^[^\n]*\/etc\/hosts[^\n]*read-only[^\n]*$/m);
});

test("undo takes away the links that start interfaces under OpenRC", async () => {
  const { system } = await changedGuest((guest) => {
    guest.files.remove("/sbin/ifup");
    guest.files.addFile("/etc/init.d/net.lo", "#!/sbin/openrc-run\n");
  });
  const links = ["/etc/init.d/net.eth0", "/etc/runlevels/default/net.eth1"];
  for (const path of links) assert.equal(system.files.status(path)?.kind, "link");
  assert.equal((await undo(system)).isDone, true);
  for (const path of links) assert.equal(system.files.status(path), undefined);
});
