import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8, MessageType } from "@nova-agent/xenstore";
import { NETWORK_SETTLE_MS, OTHER_DAEMON_INTERVAL_MS, PUBLISH_RETRY_MS } from "../../src/report/limits.ts";
import { updatedText } from "../../src/report/updated-text.ts";
import { DOMID } from "../support/agent-harness.ts";
import { INTERVAL_MS, SELF, withReporter } from "./reporter-harness.ts";

const base = `/local/domain/${DOMID}`;
const OTHER_PID = 200;
/** Another daemon, started behind the reporter, which makes no difference. */
const other = { pid: OTHER_PID, name: "xen-guest-agent", startTicks: SELF.startTicks + 1 };
const UPDATED = "write data/updated";
/** Longer than a client waits before it connects again for the first time. */
const RECONNECT_MS = 1000;

test("data/updated is written last, at the start and at each change", () =>
  withReporter({}, async ({ takeChanges, advance, setMemory, read, readyCount }) => {
    const first = takeChanges();
    assert.equal(first.at(-1), UPDATED);
    assert.equal(first.indexOf(UPDATED), first.length - 1);
    assert.ok(first.includes("write attr/vif/0/ipv4/0"), first.join());
    assert.equal(readyCount(), 1);
    setMemory(600);
    await advance(INTERVAL_MS);
    assert.deepEqual(takeChanges(), ["write data/meminfo_free", UPDATED]);
    assert.equal(await read("data/meminfo_free"), "600");
    assert.equal(await read("data/updated"), updatedText(INTERVAL_MS / 1000));
  }));

test("intervals in which nothing changed cause no write, also not of data/updated", () =>
  withReporter({}, async ({ takeChanges, advance, read }) => {
    takeChanges();
    for (let count = 0; count < 5; count += 1) await advance(INTERVAL_MS);
    assert.deepEqual(takeChanges(), []);
    assert.equal(await read("data/updated"), updatedText(0));
  }));

test("an interval brings one report of memory and addresses, and none before its end", () =>
  withReporter({}, async ({ takeChanges, advance, setMemory, system }) => {
    takeChanges();
    setMemory(600);
    await advance(INTERVAL_MS - 1);
    assert.deepEqual(takeChanges(), []);
    system.addresses.push({ interfaceName: "eth0", address: "192.0.2.11" });
    await advance(1);
    // One report of both, for the toolstack looks at everything each time.
    assert.deepEqual(takeChanges(), ["write attr/vif/0/ipv4/1", "write data/meminfo_free", UPDATED]);
  }));

test("changes of the network within the time that it may settle are one report", () =>
  withReporter({}, async ({ takeChanges, advance, system }) => {
    takeChanges();
    for (const address of ["192.0.2.11", "2001:db8::11"]) {
      system.addresses.push({ interfaceName: "eth0", address });
      system.changeNetwork();
      await advance(NETWORK_SETTLE_MS / 4);
    }
    assert.deepEqual(takeChanges(), []);
    await advance(NETWORK_SETTLE_MS);
    assert.deepEqual(takeChanges(), ["write attr/vif/0/ipv4/1", "write attr/vif/0/ipv6/0", UPDATED]);
  }));

test("what is gone is removed before data/updated tells of it, and a change nobody told of is found", () =>
  withReporter({}, async ({ takeChanges, advance, system, read }) => {
    takeChanges();
    system.addresses.length = 0;
    await advance(INTERVAL_MS);
    assert.deepEqual(takeChanges(), ["rm attr/vif/0", UPDATED]);
    assert.equal(await read("attr/vif/0"), undefined);
    await advance(INTERVAL_MS);
    assert.deepEqual(takeChanges(), []);
  }));

test("beside another daemon nothing is written, whatever happens, and the start goes on", () =>
  withReporter(
    { before: async ({ addProcess }) => addProcess(other) },
    async ({ takeChanges, advance, setMemory, system, host, readyCount }) => {
      assert.ok(readyCount() > 0);
      setMemory(600);
      system.addresses.push({ interfaceName: "eth0", address: "192.0.2.11" });
      system.changeNetwork();
      await advance(NETWORK_SETTLE_MS);
      await host.write(`${base}/unique-domain-id`, "2");
      await advance(2 * OTHER_DAEMON_INTERVAL_MS);
      assert.deepEqual(takeChanges(), []);
    },
  ));

test("the daemon of a container on the guest reports on another system", () =>
  withReporter(
    { before: async ({ addProcess }) => addProcess({ ...other, namespace: "pid:[4026532441]" }) },
    async ({ read }) => assert.equal(await read("attr/vif/0/ipv4/0"), "192.0.2.10"),
  ));

test("what another daemon reported is taken over when it is gone, without what it left behind", () =>
  withReporter(
    { before: async ({ addProcess }) => addProcess(other) },
    async ({ takeChanges, advance, endProcess, host, read, lines }) => {
      await host.write(`${base}/attr/vif/9/ipv4/0`, "198.51.100.9");
      await host.write(`${base}/attr/vif/0/ipv4/0`, "198.51.100.1");
      endProcess(OTHER_PID);
      await advance(OTHER_DAEMON_INTERVAL_MS);
      assert.equal(takeChanges().at(-1), UPDATED);
      assert.equal(await read("attr/vif/0/ipv4/0"), "192.0.2.10");
      assert.equal(await read("attr/vif/9"), undefined);
      assert.equal(await read("attr/PVAddons/Installed"), "1");
      assert.equal(lines.filter((line) => line.includes("other daemon is gone")).length, 1);
      // From here on it is the reporter's own interval again.
      await advance(INTERVAL_MS);
      assert.deepEqual(takeChanges(), []);
    },
  ));

test("a daemon that comes later gets the guest for itself, until it has gone", () =>
  withReporter({}, async ({ takeChanges, advance, addProcess, endProcess, setMemory, host, read }) => {
    takeChanges();
    addProcess(other);
    setMemory(600);
    await advance(INTERVAL_MS);
    await advance(OTHER_DAEMON_INTERVAL_MS);
    assert.deepEqual(takeChanges(), []);
    // As it stood before, so that only a report of everything sets it right.
    await host.write(`${base}/data/os_distro`, "the other's");
    endProcess(OTHER_PID);
    await advance(OTHER_DAEMON_INTERVAL_MS);
    assert.equal(takeChanges().at(-1), UPDATED);
    assert.equal(await read("data/os_distro"), "debian");
    assert.equal(await read("data/meminfo_free"), "600");
  }));

for (const { what, pid, startTicks, isQuiet } of [
  { what: "an earlier one, whatever its number", pid: 300, startTicks: 4999, isQuiet: true },
  { what: "no later one, whatever its number", pid: 50, startTicks: 5001, isQuiet: false },
  { what: "one of the same moment with a lower number", pid: 50, startTicks: 5000, isQuiet: true },
  { what: "none of the same moment with a higher number", pid: 300, startTicks: 5000, isQuiet: false },
]) {
  test(`of its own name a daemon makes room for ${what}`, () =>
    withReporter(
      { before: async ({ addProcess }) => addProcess({ pid, name: SELF.name, startTicks }) },
      async ({ takeChanges }) => assert.equal(takeChanges().length === 0, isQuiet),
    ));
}

test("what finds no room is tried again at the next change, and at no interval without one", () =>
  withReporter(
    {
      quotas: { "node-size": 200 },
      before: async ({ system }) =>
        system.files.addFile("/etc/os-release", `ID=debian\nPRETTY_NAME="${"x".repeat(300)}"\n`),
    },
    async ({ takeChanges, advance, setMemory, host, lines, read }) => {
      assert.ok(
        lines.some((line) => line.includes('"data/os_name"') && line.includes('"warn"')),
        lines.join(),
      );
      assert.equal(await read("data/os_distro"), "debian");
      takeChanges();
      await advance(INTERVAL_MS);
      assert.deepEqual(takeChanges(), []);
      await host.request(
        MessageType.setQuota,
        encodeUtf8([String(DOMID), "node-size", "400", ""].join("\0")),
      );
      assert.equal(await read("data/os_name"), undefined);
      setMemory(600);
      await advance(INTERVAL_MS);
      assert.equal(takeChanges().at(-1), UPDATED);
      assert.equal(await read("data/os_name"), "x".repeat(300));
    },
  ));

test("a lost connection comes back with everything, also what another XenStore never had", () =>
  withReporter({}, async ({ takeChanges, advance, xenstore, system, host, setMemory, read }) => {
    takeChanges();
    xenstore.isDown = true;
    xenstore.dropGuest();
    await advance(0);
    setMemory(600);
    system.addresses.push({ interfaceName: "eth0", address: "192.0.2.11" });
    system.changeNetwork();
    await advance(NETWORK_SETTLE_MS);
    await host.remove(`${base}/attr/PVAddons`);
    await host.write(`${base}/attr/vif/9/ipv4/0`, "198.51.100.9");
    assert.deepEqual(takeChanges(), []);
    xenstore.isDown = false;
    await advance(RECONNECT_MS);
    assert.equal(takeChanges().at(-1), UPDATED);
    assert.equal(await read("attr/PVAddons/Installed"), "1");
    assert.equal(await read("attr/vif/0/ipv4/1"), "192.0.2.11");
    assert.equal(await read("attr/vif/9"), undefined);
    assert.equal(await read("data/meminfo_free"), "600");
    // The identity is watched on the new connection too.
    await host.remove(`${base}/data/os_distro`);
    await host.write(`${base}/unique-domain-id`, "2");
    await advance(0);
    assert.equal(await read("data/os_distro"), "debian");
  }));

test("a connection lost in the midst of a report leaves nothing half, and the report is made again", () =>
  withReporter({}, async ({ takeChanges, advance, clock, xenstore, setMemory, system, read }) => {
    takeChanges();
    setMemory(600);
    system.addresses.push({ interfaceName: "eth0", address: "192.0.2.11" });
    clock.advance(INTERVAL_MS);
    // The transaction has been begun by the time that something was written in it.
    const written: string[] = [];
    while (written.length === 0) {
      await Promise.resolve();
      written.push(...takeChanges());
    }
    xenstore.dropGuest();
    await advance(0);
    assert.equal(await read("data/meminfo_free"), "700");
    assert.equal(await read("attr/vif/0/ipv4/1"), undefined);
    await advance(RECONNECT_MS);
    await advance(PUBLISH_RETRY_MS);
    assert.equal(await read("data/meminfo_free"), "600");
    assert.equal(await read("attr/vif/0/ipv4/1"), "192.0.2.11");
    takeChanges();
    await advance(2 * INTERVAL_MS);
    assert.deepEqual(takeChanges(), []);
  }));

test("a XenStore that stays away for an hour is reported to when it is there again", () =>
  withReporter({}, async ({ takeChanges, advance, xenstore, setMemory, read, lines }) => {
    xenstore.isDown = true;
    xenstore.dropGuest();
    for (let minute = 0; minute < 60; minute += 1) await advance(60_000);
    setMemory(600);
    takeChanges();
    xenstore.isDown = false;
    for (let count = 0; count < 3; count += 1) await advance(PUBLISH_RETRY_MS);
    assert.equal(takeChanges().at(-1), UPDATED);
    assert.equal(await read("data/meminfo_free"), "600");
    const warnings = lines.filter((line) => line.includes('"warn"') && line.includes("Could not report"));
    assert.equal(warnings.length, 1, "The same failure is told of once");
  }));

test("a reporter that has ended writes nothing and leaves no timer", () =>
  withReporter({}, async ({ takeChanges, advance, system, clock, close }) => {
    await close();
    takeChanges();
    system.addresses.length = 0;
    system.changeNetwork();
    await advance(INTERVAL_MS);
    assert.deepEqual(takeChanges(), []);
    assert.equal(clock.nextTimerMs(), undefined);
  }));
