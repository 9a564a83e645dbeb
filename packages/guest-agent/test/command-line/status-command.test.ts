import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { repositoryRoot } from "@nova-agent/testbed";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { REQUEST_LONG_MS, REQUESTS_RECORDED_MAX } from "../../src/limits.ts";
import type { Reply } from "../../src/protocol/reply.ts";
import { RequestRecord } from "../../src/service/request-record.ts";
import type { ServiceStatus } from "../../src/service/service-status.ts";
import { runStatusCommand } from "../../src/command-line/status-command.ts";
import { addProcess, addStatus } from "../support/doctor-guest.ts";
import { createFakeSystem, FAKE_UNIX_TIME, type FakeSystem } from "../support/fake-system.ts";

const golden = join(repositoryRoot(), "packages/guest-agent/test/golden");
const SECRET = "Passw0rd";

async function ask(system: FakeSystem, isJson = false) {
  let output = "";
  const print = (text: string): void => void (output += text);
  const status = await runStatusCommand({ system, config: DEFAULT_CONFIG, isJson, print });
  return { status, output };
}

/** A service that runs as process 700, and what it tells of itself. */
function createRunning(changed: Readonly<Record<string, unknown>> = {}): FakeSystem {
  const system = createFakeSystem();
  addProcess(system.files, 700, ["nova-agent"]);
  system.files.addFile(
    "/proc/700/smaps_rollup",
    "Rss:                1024 kB\nPrivate_Dirty:       307 kB\n",
  );
  system.files.addLink("/proc/700/fd/3", "socket:[4711]");
  system.files.addLink("/proc/700/fd/4", "/dev/xen/xenbus");
  addStatus(system.files, changed);
  return system;
}

const served = [
  { id: "one", name: "version", returncode: "0", durationMs: 1, at: FAKE_UNIX_TIME - 60 },
  { id: "two", name: "", returncode: "404", durationMs: 0, at: FAKE_UNIX_TIME - 50 },
  { id: "three", name: "resetnetwork", returncode: "1", durationMs: 12_340, at: FAKE_UNIX_TIME - 30 },
];

test("status tells version, uptime, transport, memory, features and the latest requests", async () => {
  const inHand = { id: "four", name: "password", since: FAKE_UNIX_TIME - 3 };
  const { status, output } = await ask(createRunning({ requests: served, inHand }));
  assert.equal(status, 0);
  assert.equal(output, readFileSync(join(golden, "nova-agent-status.txt"), "utf8"));
});

test("status --json says the same to programs", async () => {
  const { output } = await ask(createRunning({ requests: served }), true);
  const view = JSON.parse(output) as Record<string, unknown>;
  assert.deepEqual(
    { ...view, features: undefined },
    {
      isRunning: true,
      version: "3.0.0",
      pid: 700,
      startTicks: 4242,
      startedAt: FAKE_UNIX_TIME - 90,
      requests: served,
      uptimeSeconds: 90,
      transport: "/dev/xen/xenbus",
      features: undefined,
      memory: { residentBytes: 1024 * 1024, privateDirtyBytes: 307 * 1024 },
    },
  );
});

test("what the kernel does not tell is unknown", async () => {
  const system = createRunning();
  system.files.remove("/proc/700/smaps_rollup");
  system.files.remove("/proc/700/fd/4");
  const { output } = await ask(system);
  assert.match(output, /^Transport {2}unix socket\nMemory {5}unknown$/m);
});

for (const [what, spoil] of [
  ["there is no status", ({ files }: FakeSystem) => files.remove("/run/nova-agent/status.json")],
  ["the status is torn", ({ files }: FakeSystem) => files.addFile("/run/nova-agent/status.json", '{"pid":')],
  ["its process is gone", ({ files }: FakeSystem) => files.remove("/proc/700/stat")],
  ["another process has its number", ({ files }: FakeSystem) => addStatus(files, { startTicks: 1 })],
] as const) {
  test(`no service runs when ${what}`, async () => {
    const system = createRunning();
    spoil(system);
    assert.deepEqual(await ask(system), { status: 3, output: "nova-agent does not run\n" });
    assert.deepEqual(JSON.parse((await ask(system, true)).output), { isRunning: false });
  });
}

/** A handler that answers when it is told to. */
function createHandler() {
  const waiting: ((reply: Reply) => void)[] = [];
  return {
    handle: () => new Promise<Reply>((resolve) => waiting.push(resolve)),
    close: () => {},
    answer: (returncode: string) => waiting.shift()?.({ returncode, message: SECRET }),
  };
}

function latest({ statuses }: FakeSystem): ServiceStatus {
  return JSON.parse(statuses.at(-1) ?? "") as ServiceStatus;
}

function request(name: string): Uint8Array {
  return encodeUtf8(JSON.stringify({ name, value: SECRET }));
}

test("the service keeps names, codes and times of requests, and no value and no answer", async () => {
  const clock = createManualClock();
  const system = createFakeSystem({ clock });
  const handler = createHandler();
  const record = new RequestRecord(handler, system);
  assert.deepEqual(latest(system).requests, []);
  const done = record.handle("a".repeat(100), request("password"));
  clock.advance(REQUEST_LONG_MS);
  assert.deepEqual(latest(system).inHand, { id: "a".repeat(64), name: "password", since: FAKE_UNIX_TIME });
  handler.answer("0");
  assert.deepEqual(await done, { returncode: "0", message: SECRET });
  const expected = { id: "a".repeat(64), name: "password", returncode: "0", durationMs: REQUEST_LONG_MS };
  assert.deepEqual(latest(system).requests, [{ ...expected, at: FAKE_UNIX_TIME }]);
  assert.equal(latest(system).inHand, undefined);
  for (const [name, code] of [
    [SECRET, "404"],
    ["version", "0"],
  ] as const) {
    const other = record.handle("b", request(name));
    handler.answer(code);
    await other;
  }
  assert.deepEqual(
    latest(system).requests.map(({ name }) => name),
    ["password", "", "version"],
  );
  assert.ok(!system.statuses.join("").includes(SECRET));
  record.close();
  assert.equal(system.statuses.at(-1), undefined);
});

test("the service keeps the latest requests, and writes once for a quick one", async () => {
  const system = createFakeSystem({ clock: createManualClock() });
  const handler = createHandler();
  const record = new RequestRecord(handler, system);
  for (let count = 0; count < REQUESTS_RECORDED_MAX + 3; count += 1) {
    const done = record.handle(String(count), request("version"));
    handler.answer("0");
    await done;
  }
  assert.equal(system.statuses.length, REQUESTS_RECORDED_MAX + 4);
  const ids = latest(system).requests.map(({ id }) => id);
  assert.deepEqual([ids.length, ids[0]], [REQUESTS_RECORDED_MAX, "3"]);
});
