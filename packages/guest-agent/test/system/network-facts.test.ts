import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import {
  CONFIGURATION_FILE_MAX_BYTES,
  CONFIGURATION_FILES_MAX,
  VIF_WAIT_MS,
} from "../../src/network/limits.ts";
import { readNetworkFacts, readVifs, waitForVifs } from "../../src/system/network-facts.ts";
import { FakeFiles } from "../support/fake-files.ts";

const mac = "00:16:3e:00:00:01";

function addDevice(
  files: FakeFiles,
  name: string,
  parts: { readonly mac?: string; readonly node?: string },
): void {
  files.addFile(`/sys/class/net/${name}/address`, `${parts.mac ?? mac}\n`);
  if (parts.node !== undefined) files.addFile(`/sys/class/net/${name}/device/nodename`, `${parts.node}\n`);
}

test("only devices of the xenbus are VIFs, not bridges, bonds and VLANs that share their MAC address", () => {
  const files = new FakeFiles();
  addDevice(files, "eth0", { node: "device/vif/0", mac: mac.toUpperCase() });
  addDevice(files, "enX12", { node: "device/vif/12", mac: "00:16:3e:00:00:0c" });
  addDevice(files, "br0", {});
  addDevice(files, "eth0.5", {});
  addDevice(files, "pci0", { node: "device/pci/0" });
  addDevice(files, "tun0", { mac: "", node: "device/vif/3" });
  files.addFile("/sys/class/net/bonding_masters", "bond0\n");
  assert.deepEqual(readVifs(files), [
    { name: "enX12", mac: "00:16:3e:00:00:0c", index: 12 },
    { name: "eth0", mac, index: 0 },
  ]);
});

test("a VIF that belongs to a bridge, a bond or another device is known, with its own MAC address", () => {
  const files = new FakeFiles();
  for (const [index, master] of ["br0", "bond0", "bond0", "team0", "gone"].entries()) {
    addDevice(files, `eth${index}`, { node: `device/vif/${index}`, mac: `00:16:3e:00:00:1${index}` });
    files.addLink(`/sys/class/net/eth${index}/master`, `../../../virtual/net/${master}`);
  }
  files.addDirectory("/sys/class/net/br0/bridge");
  files.addDirectory("/sys/class/net/bond0/bonding");
  // All members of a bond show the first one's.
  addDevice(files, "eth2", { node: "device/vif/2", mac: "00:16:3e:00:00:11" });
  files.addFile("/sys/class/net/eth2/bonding_slave/perm_hwaddr", "00:16:3e:00:00:12\n");
  files.refuse = (operation, path) =>
    operation === "readLink" && path.includes("eth4") ? "ENOENT" : undefined;
  assert.deepEqual(readVifs(files), [
    { name: "eth0", mac: "00:16:3e:00:00:10", index: 0, master: { name: "br0", kind: "bridge" } },
    { name: "eth1", mac: "00:16:3e:00:00:11", index: 1, master: { name: "bond0", kind: "bond" } },
    { name: "eth2", mac: "00:16:3e:00:00:12", index: 2, master: { name: "bond0", kind: "bond" } },
    { name: "eth3", mac: "00:16:3e:00:00:13", index: 3, master: { name: "team0" } },
    { name: "eth4", mac: "00:16:3e:00:00:14", index: 4 },
  ]);
});

test("a VIF of a VRF has its own addresses and belongs to nobody", () => {
  const files = new FakeFiles();
  addDevice(files, "eth0", { node: "device/vif/0" });
  files.addLink("/sys/class/net/eth0/master", "../../../virtual/net/blue");
  // IFF_UP, IFF_RUNNING, IFF_NOARP and IFF_MASTER, as a VRF has them; then a team's.
  files.addFile("/sys/class/net/blue/flags", "0x4c1\n");
  assert.deepEqual(readVifs(files), [{ name: "eth0", mac, index: 0 }]);
  files.addFile("/sys/class/net/blue/flags", "0x1043\n");
  assert.deepEqual(readVifs(files), [{ name: "eth0", mac, index: 0, master: { name: "blue" } }]);
});

test("an SR-IOV virtual function is found by its MAC address, and nothing that only shares it", () => {
  const files = new FakeFiles();
  const functions = [{ mac, index: 3 }];
  files.addFile("/sys/class/net/ens5/address", `${mac}\n`);
  files.addFile("/sys/class/net/ens5/device/vendor", "0x8086\n");
  files.addFile("/sys/class/net/br0/address", `${mac}\n`);
  assert.deepEqual(readVifs(files, functions), [{ name: "ens5", mac, index: 3 }]);
  assert.deepEqual(readVifs(files), []);
});

test("a guest without sysfs has no VIFs", () => assert.deepEqual(readVifs(new FakeFiles()), []));

test("a device that goes away while it is read is none", () => {
  const files = new FakeFiles();
  addDevice(files, "eth0", { node: "device/vif/0" });
  files.refuse = (operation, path) =>
    operation === "read" && path.endsWith("/address") ? "EINVAL" : undefined;
  assert.deepEqual(readVifs(files), []);
});

test("facts hold the files that are there, whole directories too, and where links point", () => {
  const files = new FakeFiles();
  files.addFile("/proc/sys/kernel/hostname", "web01\n");
  files.addFile("/etc/hosts", "127.0.0.1 localhost\n");
  files.addFile("/etc/netplan/vpn.yaml", "network: {}\n");
  files.addDirectory("/etc/netplan/old");
  files.addFile("/usr/sbin/netplan", "x");
  files.addLink("/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf");
  const facts = readNetworkFacts(files);
  assert.equal(facts.hostname, "web01");
  assert.deepEqual(
    [...facts.files],
    [
      ["/etc/hosts", "127.0.0.1 localhost\n"],
      ["/etc/netplan/vpn.yaml", "network: {}\n"],
    ],
  );
  assert.deepEqual([...facts.evidence.keys()].sort(), ["/etc/resolv.conf", "/usr/sbin/netplan"]);
  assert.equal(facts.evidence.get("/etc/resolv.conf")?.link, "/run/systemd/resolve/stub-resolv.conf");
});

test("files that others include are read as well, and what those include", () => {
  const files = new FakeFiles();
  files.addFile("/etc/network/interfaces", "source-directory more.d\nsource /srv/net/main\n");
  files.addFile("/etc/network/more.d/vpn", "auto tun0\n");
  files.addFile("/srv/net/main", "source *.if\nsource /etc/network/interfaces\n");
  files.addFile("/srv/net/a.if", "source absent\n");
  files.addFile("/srv/net/.hidden.if", "");
  files.addFile("/srv/net/other", "");
  assert.deepEqual([...readNetworkFacts(files).files.keys()].sort(), [
    "/etc/network/interfaces",
    "/etc/network/more.d/vpn",
    "/srv/net/a.if",
    "/srv/net/main",
  ]);
});

test("more files than the limit are refused, naming where they are", () => {
  const files = new FakeFiles();
  files.addFile("/etc/network/interfaces", "source /srv/*\n");
  for (let count = 0; count <= CONFIGURATION_FILES_MAX; count += 1) files.addFile(`/srv/${count}`, "");
  assert.throws(() => readNetworkFacts(files), { code: "AGENT_UNSUPPORTED", message: /"\/srv\/\*"/ });
});

test("a file that is no UTF-8 is refused, because writing it back would spoil it", () => {
  const files = new FakeFiles();
  files.addFile("/etc/hosts", Uint8Array.of(0x23, 0xe4, 0x0a));
  assert.throws(() => readNetworkFacts(files), { code: "AGENT_UNSUPPORTED", message: /"\/etc\/hosts"/ });
});

test("what is no text in a directory of configuration is passed over", () => {
  const files = new FakeFiles();
  files.addFile("/etc/netplan/backup.tar", Uint8Array.of(0xff, 0x00));
  files.addFile("/etc/netplan/huge.log", "x".repeat(CONFIGURATION_FILE_MAX_BYTES + 1));
  files.addFile("/etc/netplan/50-cloud-init.yaml", "network: {}\n");
  assert.deepEqual([...readNetworkFacts(files).files.keys()], ["/etc/netplan/50-cloud-init.yaml"]);
});

test("a file that is there and cannot be read is an error, not an absence", () => {
  const files = new FakeFiles();
  files.addFile("/etc/hosts", "");
  files.refuse = (operation, path) => (operation === "read" && path === "/etc/hosts" ? "EIO" : undefined);
  assert.throws(() => readNetworkFacts(files), { code: "EIO" });
});

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("VIFs that are all there are not waited for", async () => {
  const files = new FakeFiles();
  addDevice(files, "eth0", { node: "device/vif/0" });
  const clock = createManualClock();
  await waitForVifs([mac], { files, clock });
  assert.equal(clock.nextTimerMs(), undefined);
});

test("a VIF that appears ends the wait", async () => {
  const files = new FakeFiles();
  const clock = createManualClock();
  const waiting = waitForVifs([mac], { files, clock });
  await settle();
  addDevice(files, "eth0", { node: "device/vif/0" });
  clock.advance((clock.nextTimerMs() ?? 0) - clock.nowMs());
  await waiting;
  assert.ok(clock.nowMs() < VIF_WAIT_MS);
});

test("a VIF that never appears is waited for no longer than the limit", async () => {
  const clock = createManualClock();
  const waiting = waitForVifs([mac], { files: new FakeFiles(), clock });
  await settle();
  for (let next = clock.nextTimerMs(); next !== undefined; next = clock.nextTimerMs()) {
    assert.ok(next <= VIF_WAIT_MS, `timer at ${next}`);
    clock.advance(next - clock.nowMs());
    await settle();
  }
  await waiting;
  assert.equal(clock.nowMs(), VIF_WAIT_MS);
});
