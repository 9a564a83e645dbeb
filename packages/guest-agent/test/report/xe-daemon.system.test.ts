import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Cleanup,
  type RunningProcess,
  runChecked,
  startProcess,
  startRealXenstored,
  systemTest,
  temporaryDirectory,
  waitFor,
} from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { DOMID } from "../support/agent-harness.ts";
import { agentArgv } from "../support/agent-process.ts";
import { startRelay } from "./socket-relay.ts";

const TIMEOUT_MS = 60_000;
const needs = ["root", "namespaces", "ip", "xenstored", "cc"] as const;
const base = `/local/domain/${DOMID}`;

// eth0 and eth1 are VIFs as the faked sysfs tells, which sysfs itself tells of no veth.
const NETWORK = `
  ip link set lo up
  for number in 0 1; do ip link add eth$number type veth peer name peer$number; ip link set peer$number up; done
  ip link set eth0 up; ip link set eth1 up
  ip address add 192.0.2.10/24 dev eth0; ip address add 2001:db8::10/64 dev eth0 nodad
  mount --bind "$0" /sys/class/net
  echo ready; exec sleep infinity
`;

interface Guest {
  readonly host: XenstoreClient;
  /** A network namespace, and a mount namespace with another sysfs. */
  readonly inside: (...argv: readonly string[]) => readonly [string, ...string[]];
  readonly run: (...argv: readonly string[]) => Promise<string>;
  readonly read: (path: string) => Promise<string | undefined>;
  /** Waits until a node has a value, or is not there. */
  readonly expect: (path: string, value: string | undefined) => Promise<void>;
  /** Starts xe-daemon, with XenStore at the guest's socket or another one. */
  readonly startDaemon: (xenstorePath?: string) => RunningProcess;
  readonly socketPath: string;
  readonly directory: string;
}

function addInterface(sysfs: string, name: string, entries: Readonly<Record<string, string>>): void {
  for (const [entry, text] of Object.entries(entries)) {
    const path = join(sysfs, name, entry);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${text}\n`);
  }
}

async function prepare(host: XenstoreClient): Promise<void> {
  const readable = { domid: DOMID, read: true, write: false };
  const owned = { domid: DOMID, read: false, write: false };
  for (const name of ["data", "attr", "control"]) await host.makeDirectory(`${base}/${name}`);
  await host.setPermissions(base, [{ domid: 0, read: false, write: false }, readable]);
  // As libxl and xapi do; control belongs to dom0.
  for (const name of ["data", "attr"]) await host.setPermissions(`${base}/${name}`, [owned]);
  await host.setPermissions(`${base}/control`, [{ domid: 0, read: false, write: false }, readable]);
}

async function startGuest(cleanup: Cleanup): Promise<Guest> {
  const server = await startRealXenstored({ kind: "c", domains: [DOMID] });
  cleanup.after(() => server.close());
  const host = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  cleanup.after(() => host.close());
  await prepare(host);
  const directory = await temporaryDirectory(cleanup);
  const sysfs = join(directory, "net");
  addInterface(sysfs, "eth0", { address: "00:16:3e:00:00:00", "device/nodename": "device/vif/0" });
  addInterface(sysfs, "eth1", { address: "00:16:3e:00:00:01", "device/nodename": "device/vif/1" });
  addInterface(sysfs, "br0", { address: "00:16:3e:00:00:01", lower_eth1: "" });
  const holder = startProcess({ argv: ["unshare", "-nm", "sh", "-ec", NETWORK, sysfs] });
  cleanup.after(() => holder.stop());
  await waitFor(() => holder.stdout().includes("ready"), { what: `namespace: ${holder.stderr()}` });
  const inside = (...argv: readonly string[]) =>
    ["nsenter", "-t", String(holder.pid), "-n", "-m", ...argv] as const;
  const read = async (path: string): Promise<string | undefined> =>
    (await host.exists(`${base}/${path}`)) ? host.readText(`${base}/${path}`) : undefined;
  return {
    host,
    inside,
    run: (...argv) => runChecked({ argv: inside(...argv), timeoutMs: TIMEOUT_MS }),
    read,
    expect: async (path, value) => {
      const what = `${path} = ${value ?? "nothing"}`;
      await waitFor(async () => (await read(path)) === value, { what });
    },
    startDaemon: (xenstorePath = server.domainSocketPath(DOMID)) => {
      const daemon = startProcess({
        argv: inside(...agentArgv(), "xe-daemon"),
        environment: { XENSTORED_PATH: xenstorePath, NOTIFY_SOCKET: undefined },
      });
      cleanup.after(() => daemon.stop());
      return daemon;
    },
    socketPath: server.domainSocketPath(DOMID),
    directory,
  };
}

systemTest("xe-daemon publishes what toolstacks look for", { needs }, async (context) => {
  const guest = await startGuest(context);
  await guest.host.write(`${base}/attr/vif/7/ipv4/0`, "198.51.100.7");
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  assert.equal(await guest.read("attr/vif/0/ipv4/0"), "192.0.2.10");
  assert.equal(await guest.read("attr/vif/0/ipv6/0"), "2001:db8::10");
  assert.equal(await guest.read("attr/PVAddons/Installed"), "1");
  assert.match((await guest.read("attr/PVAddons/MajorVersion")) ?? "", /^\d+$/);
  assert.match((await guest.read("data/meminfo_total")) ?? "", /^\d+$/);
  assert.match(
    (await guest.read("data/updated")) ?? "",
    /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/,
  );
  assert.notEqual((await guest.read("data/os_distro")) ?? "", "");
  // What was there before, of a VIF that is none any more.
  assert.equal(await guest.read("attr/vif/7"), undefined);
  // control belongs to dom0 here, which keeps nothing else away.
  assert.equal(await guest.read("control/feature-balloon"), undefined);
  assert.match(daemon.stderr(), /"path":"control\/feature-balloon","code":"EACCES"/);
  daemon.kill("SIGTERM");
  assert.equal((await daemon.exited).status, 0);
});

systemTest("addresses appear and disappear as the kernel has them", { needs }, async (context) => {
  const guest = await startGuest(context);
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  await guest.run("ip", "address", "add", "192.0.2.11/24", "dev", "eth0");
  await guest.expect("attr/vif/0/ipv4/1", "192.0.2.11");
  await guest.run("ip", "address", "del", "192.0.2.10/24", "dev", "eth0");
  await guest.expect("attr/vif/0/ipv4/1", undefined);
  await guest.run("ip", "address", "flush", "dev", "eth0");
  await guest.expect("attr/vif/0", undefined);
});

systemTest("a bridge's address is that of the VIF that is its port", { needs }, async (context) => {
  const guest = await startGuest(context);
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  await guest.run("ip", "link", "add", "br0", "type", "bridge");
  await guest.run("ip", "link", "set", "eth1", "master", "br0");
  await guest.run("ip", "link", "set", "br0", "up");
  await guest.run("ip", "address", "add", "198.51.100.1/24", "dev", "br0");
  await guest.expect("attr/vif/1/ipv4/0", "198.51.100.1");
});

systemTest("all is published anew when the guest gets another identity", { needs }, async (context) => {
  const guest = await startGuest(context);
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  await guest.host.remove(`${base}/attr/vif/0`);
  await guest.host.remove(`${base}/data/os_distro`);
  await guest.host.write(`${base}/unique-domain-id`, "00000000-0000-4000-8000-000000000002");
  await guest.expect("attr/vif/0/ipv4/0", "192.0.2.10");
  await waitFor(() => guest.read("data/os_distro"), { what: "data/os_distro" });
});

systemTest("xe-daemon keeps quiet beside another guest daemon", { needs }, async (context) => {
  const guest = await startGuest(context);
  const other = join(guest.directory, "xen-guest-agent");
  copyFileSync("/bin/sleep", other);
  const running = startProcess({ argv: [other, "infinity"] });
  context.after(() => running.stop());
  await waitFor(() => existsSync(`/proc/${running.pid}/exe`), { what: "other daemon" });
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  assert.match(daemon.stderr(), /keeping quiet","name":"xen-guest-agent"/);
  assert.equal(await guest.read("attr/PVAddons"), undefined);
  assert.equal(await guest.read("data/updated"), undefined);
});

systemTest("xe-daemon reports when the other guest daemon has ended", { needs }, async (context) => {
  const guest = await startGuest(context);
  const other = join(guest.directory, "xen-guest-agent");
  copyFileSync("/bin/sleep", other);
  const running = startProcess({ argv: [other, "infinity"] });
  context.after(() => running.stop());
  await waitFor(() => existsSync(`/proc/${running.pid}/exe`), { what: "other daemon" });
  const daemon = guest.startDaemon();
  await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
  assert.equal(await guest.read("data/updated"), undefined);
  await guest.host.write(`${base}/attr/vif/7/ipv4/0`, "198.51.100.7");
  await running.stop();
  // It looks every five minutes, and when the guest may have been moved.
  await guest.host.write(`${base}/unique-domain-id`, "00000000-0000-4000-8000-000000000002");
  await guest.expect("attr/vif/0/ipv4/0", "192.0.2.10");
  assert.notEqual(await guest.read("data/updated"), undefined);
  assert.equal(await guest.read("attr/vif/7"), undefined);
});

systemTest(
  "a lost connection comes back with all that changed, and is watched",
  { needs },
  async (context) => {
    const guest = await startGuest(context);
    const relay = await startRelay(join(guest.directory, "relay"), guest.socketPath);
    context.after(() => relay.cut());
    const daemon = guest.startDaemon(relay.path);
    await waitFor(() => daemon.stderr().includes('"Ready"'), { what: "xe-daemon" });
    assert.equal(relay.count(), 1);
    await relay.cut();
    await guest.run("ip", "address", "add", "192.0.2.11/24", "dev", "eth0");
    await guest.run("ip", "-6", "address", "flush", "dev", "eth0");
    // As in another XenStore: nodes are missing, and others are there.
    await guest.host.remove(`${base}/attr/PVAddons`);
    await guest.host.write(`${base}/attr/vif/7/ipv4/0`, "198.51.100.7");
    await relay.mend();
    await guest.expect("attr/vif/0/ipv4/1", "192.0.2.11");
    await guest.expect("attr/vif/0/ipv6", undefined);
    await guest.expect("attr/PVAddons/Installed", "1");
    await guest.expect("attr/vif/7", undefined);
    assert.equal(relay.count(), 2);
    await guest.host.remove(`${base}/attr/PVAddons`);
    await guest.host.write(`${base}/unique-domain-id`, "00000000-0000-4000-8000-000000000002");
    await guest.expect("attr/PVAddons/Installed", "1");
    await guest.run("ip", "address", "del", "192.0.2.10/24", "dev", "eth0");
    await guest.expect("attr/vif/0/ipv4/1", undefined);
    assert.equal(daemon.isRunning(), true);
  },
);
