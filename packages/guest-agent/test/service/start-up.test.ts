import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { createLogger } from "../../src/log.ts";
import { Pause } from "../../src/pause.ts";
import { startUp } from "../../src/service/start-up.ts";
import { NETWORK_START_WAIT_MS } from "../../src/system/limits.ts";
import { canonical, createDebianGuest } from "../support/debian-guest.ts";
import type { FakeResult, FakeSystem, RecordedCall } from "../support/fake-system.ts";
import { createReader, networkingData } from "../support/vm-data.ts";
import { withoutOriginals } from "../support/without-originals.ts";

const networks = networkingData(canonical.networking);
const named = { ...networks, "vm-data/hostname": "web01" };

/** A clock whose time passes as soon as somebody waits for it. */
function createHurriedClock() {
  const clock = createManualClock();
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs: number, callback: () => void) => {
      const cancel = clock.after(delayMs, callback);
      setImmediate(() => clock.advance(delayMs));
      return cancel;
    },
  };
}

interface Start {
  readonly values?: Readonly<Record<string, string>>;
  readonly isApplied?: boolean;
  readonly root?: string;
  readonly pause?: Pause;
}

interface Started {
  readonly level: string;
  readonly message: string;
}

/** Starts up; returns what was logged, and which programs had run when the agent said that it was ready. */
async function start(
  system: FakeSystem,
  { values = named, isApplied = true, root = "/", pause }: Start = {},
) {
  const lines: Started[] = [];
  const log = createLogger({
    level: "debug",
    write: (line) => void lines.push(JSON.parse(line) as Started),
    unixTime: () => 0,
  });
  let callsAtReady: number | undefined;
  const ready = (): void => {
    callsAtReady ??= system.calls.length;
  };
  const options = { system, xenstore: createReader(values), log, root, isApplied, ready };
  await startUp({ ...options, pause: pause ?? new Pause(system.clock) });
  const programs = system.calls.map(({ argv }) => argv.join(" "));
  return { lines, programs, callsAtReady };
}

function guest(run?: (call: RecordedCall) => FakeResult | undefined): FakeSystem {
  return createDebianGuest({ clock: createHurriedClock(), run: (call) => run?.(call) ?? sayHostname(call) });
}

function sayHostname({ argv }: RecordedCall): FakeResult {
  return argv.join(" ") === "hostname" ? { stdout: "debian\n" } : {};
}

test("host name and network are as vm-data has them before a request is served", async () => {
  const system = guest();
  const { lines, programs } = await start(system);
  assert.equal(system.files.text("/etc/hostname"), "web01\n");
  assert.match(system.files.text("/etc/network/interfaces") ?? "", /198\.51\.100\.10\/24/);
  assert.ok(programs.includes("ifup eth1"), programs.join("\n"));
  assert.deepEqual(lines.at(-1)?.message, "Applied host name and network at the start");
});

test("a second start writes and restarts nothing", async () => {
  const system = guest();
  await start(system);
  system.files.addFile("/proc/sys/kernel/hostname", "web01\n");
  system.files.addFile("/run/network/ifstate", "lo=lo\neth0=eth0\neth1=eth1\n");
  const [changes, calls] = [system.files.changes.length, system.calls.length];
  const { lines } = await start(system);
  assert.equal(system.files.changes.length, changes);
  assert.deepEqual(
    system.calls.slice(calls).filter(({ argv }) => argv[0] !== "ip"),
    [],
  );
  assert.deepEqual(
    lines.map(({ level, message }) => [level, message]),
    [["debug", "Host name and network are as wanted at the start"]],
  );
});

test("without anything in vm-data the guest is not even looked at", async () => {
  const system = guest();
  // Whether a change was cut off is looked for in any case.
  system.files.refuse = (_operation, path) => (/^\/(run|var)/.test(path) ? undefined : "EIO");
  const { lines } = await start(system, { values: {} });
  assert.deepEqual(
    lines.map(({ level }) => level),
    ["debug"],
  );
});

test("what the setting forbids is not done", async () => {
  const system = guest();
  const before = system.files.all();
  await start(system, { isApplied: false });
  assert.deepEqual(system.files.all(), before);
  assert.deepEqual(system.calls, []);
});

test("a failure is logged as an error with its reason, and ends nothing", async () => {
  const system = guest(({ argv }) => (argv[0] === "ifup" ? { status: 1 } : undefined));
  const before = system.files.all();
  const { lines } = await start(system);
  const errors = lines.filter(({ level }) => level === "error");
  assert.equal(errors.length, 1);
  assert.match(JSON.stringify(errors[0]), /"reason":"Error starting network: eth0/);
  assert.deepEqual(withoutOriginals(system.files.all()), before);
});

test("malformed values of vm-data are an error of the start, and what is right is done", async () => {
  const only = await start(guest(), { values: { "vm-data/networking/x": "{" } });
  assert.deepEqual(
    only.lines.map(({ level }) => level),
    ["error", "debug"],
  );
  const values = { ...networks, "vm-data/hostname": "My Server" };
  const { lines, programs } = await start(guest(), { values });
  assert.match(JSON.stringify(lines[0]), /"error".*"reason":"vm-data\/hostname is .*My Server/);
  assert.ok(programs.includes("ifup eth1"), programs.join("\n"));
});

test("a network without its VIF is left out with a warning", async () => {
  const system = guest();
  system.files.remove("/sys/class/net/eth1/device/nodename");
  const { lines, programs } = await start(system);
  assert.match(JSON.stringify(lines.filter(({ level }) => level === "warn")), /40:40:97:83:78:2e/);
  assert.ok(programs.includes("ifup eth0"));
});

/** A guest that systemd boots: its network services start once the agent is ready, and do their work then. */
function bootingGuest(options: { readonly servicesStart?: boolean } = {}) {
  const { servicesStart = true } = options;
  const state = { looksAfterReady: 0 };
  const system = guest(({ argv }) => {
    const [program, question] = argv;
    if (program !== "systemctl") return undefined;
    if (question === "is-system-running") return { status: 1, stdout: "starting\n" };
    state.looksAfterReady += 1;
    const isActive = servicesStart && state.looksAfterReady > 3;
    if (isActive) system.files.addFile("/run/network/ifstate", "lo=lo\neth0=eth0\neth1=eth1\n");
    return { status: isActive ? 0 : 3, stdout: isActive ? "active\n" : "inactive\n" };
  });
  system.files.addDirectory("/run/systemd/system");
  return system;
}

/** Whether a program does more than to look. */
function changes(line: string): boolean {
  return !line.startsWith("systemctl") && !line.startsWith("ip ");
}

test("before the network's services start only their files are written, and then they may start", async () => {
  const system = bootingGuest();
  const { lines, programs, callsAtReady = 0 } = await start(system);
  assert.match(system.files.text("/etc/network/interfaces") ?? "", /198\.51\.100\.10\/24/);
  assert.deepEqual(programs.filter(changes), ["hostname", "hostname web01", "hostname", "hostname web01"]);
  assert.deepEqual(programs.slice(0, callsAtReady).filter(changes), ["hostname", "hostname web01"]);
  assert.deepEqual(
    lines.filter(({ level }) => level === "error" || level === "warn"),
    [],
  );
});

test("what the services have not brought about is done after them", async () => {
  const system = bootingGuest();
  const [, file] = ["/etc/hostname", "/run/network/ifstate"];
  system.files.refuse = (operation, path) => (operation === "read" && path === file ? "ENOENT" : undefined);
  const { programs, callsAtReady } = await start(system);
  assert.ok(programs.slice(callsAtReady).includes("ifup eth0"), programs.join("\n"));
});

test("services that do not start are waited for as long as the limit says", async () => {
  const system = bootingGuest({ servicesStart: false });
  const before = system.clock.nowMs();
  const { lines, programs } = await start(system);
  assert.ok(system.clock.nowMs() - before >= NETWORK_START_WAIT_MS);
  assert.ok(lines.some(({ level, message }) => level === "warn" && message.includes("not started in time")));
  assert.ok(programs.includes("ifup eth1"));
});

test("an agent that is to end does not wait for the services", async () => {
  const system = bootingGuest({ servicesStart: false });
  const pause = new Pause(system.clock);
  pause.end();
  const before = system.clock.nowMs();
  await start(system, { pause, isApplied: false });
  assert.equal(system.clock.nowMs(), before);
});

test("in a guest that runs already systemd is told before a program of the network runs", async () => {
  const system = guest(({ argv }) => (argv[0] === "systemctl" ? { stdout: "running\n" } : undefined));
  system.files.addDirectory("/run/systemd/system");
  const { programs, callsAtReady } = await start(system);
  assert.deepEqual(programs.slice(0, callsAtReady), ["systemctl is-system-running"]);
  assert.ok(programs.includes("ifup eth1"));
});

test("without systemd nobody is told before all is done", async () => {
  assert.equal((await start(guest())).callsAtReady, undefined);
});

test("a booting guest whose agent applies nothing is let boot at once", async () => {
  const system = bootingGuest();
  const before = system.files.all();
  const { callsAtReady } = await start(system, { isApplied: false });
  assert.equal(callsAtReady, 2);
  system.files.remove("/run/network/ifstate");
  assert.deepEqual(system.files.all(), before);
});

test("under another root nothing of this machine's boot counts", async () => {
  const system = bootingGuest();
  for (const [path, text] of Object.entries(guest().files.all())) system.files.addFile(`/mnt${path}`, text);
  const { programs } = await start(system, { root: "/mnt" });
  assert.equal(system.files.text("/mnt/etc/hostname"), "web01\n");
  assert.deepEqual(programs, []);
});
