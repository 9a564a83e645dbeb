import assert from "node:assert/strict";
import { test } from "node:test";
import { addressNodes, type NetworkInterface } from "../../src/report/addresses.ts";
import { ADDRESSES_MAX } from "../../src/report/limits.ts";
import { parseMeminfo } from "../../src/report/memory.ts";
import { pvAddonsNodes } from "../../src/report/pv-addons.ts";
import { updatedText } from "../../src/report/updated-text.ts";
import { mountOf, parseMountinfo, volumeNodes } from "../../src/report/volumes.ts";

const none = { mac: undefined, vifIndex: undefined, hasDevice: false, lower: [] };

function vif(name: string, vifIndex: number): NetworkInterface {
  return { ...none, name, vifIndex, hasDevice: true };
}

function nodesOf(
  interfaces: readonly NetworkInterface[],
  addresses: readonly (readonly [string, string])[],
): Record<string, string> {
  const listed = addresses.map(([interfaceName, address]) => ({ interfaceName, address }));
  return Object.fromEntries(addressNodes({ interfaces, addresses: listed, sriovFunctions: [] }));
}

test("a VIF's own addresses go first, then those of what lies on it, however far", () => {
  const bond = { ...none, name: "bond0", lower: ["enX2", "enX1"] };
  const vlan = { ...none, name: "bond0.5", lower: ["bond0"] };
  const addresses = [
    ["bond0.5", "192.0.2.5"],
    ["enX1", "192.0.2.1"],
    ["enX1", "fe80::1"],
    ["lo", "127.0.0.1"],
  ] as const;
  assert.deepEqual(nodesOf([vif("enX2", 2), bond, vlan, vif("enX1", 1)], addresses), {
    "attr/vif/1/ipv4/0": "192.0.2.1",
    "attr/vif/1/ipv4/1": "192.0.2.5",
    "attr/vif/1/ipv6/0": "fe80::1",
  });
});

test("interfaces that lie on no VIF are not told of, nor addresses above the limit", () => {
  const docker = { ...none, name: "docker0", lower: ["veth1"] };
  assert.deepEqual(nodesOf([docker, { ...none, name: "veth1" }], [["docker0", "172.17.0.1"]]), {});
  const many = Array.from({ length: ADDRESSES_MAX + 1 }, (_, index) => ["eth0", `192.0.2.${index}`] as const);
  assert.equal(Object.keys(nodesOf([vif("eth0", 0)], many)).length, ADDRESSES_MAX);
});

test("a virtual function's addresses are told where the host looks for them, not those of its VLAN's twin", () => {
  const mac = "00:16:3e:00:00:09";
  const card = { ...none, name: "ens5", mac, hasDevice: true };
  const vlan = { ...none, name: "ens5.7", mac, lower: ["ens5"] };
  const addresses = [
    { interfaceName: "ens5.7", address: "192.0.2.7" },
    { interfaceName: "ens5", address: "192.0.2.9" },
  ];
  const sriovFunctions = [{ id: "3", mac }];
  assert.deepEqual(
    Object.fromEntries(addressNodes({ interfaces: [vlan, card], addresses, sriovFunctions })),
    {
      "xenserver/attr/net-sriov-vf/3/ipv4/0": "192.0.2.9",
      "xenserver/attr/net-sriov-vf/3/ipv4/1": "192.0.2.7",
    },
  );
});

test("available memory counts as free, or what it is made of on old kernels", () => {
  const head = "MemTotal:        1000 kB\nMemFree:          100 kB\n";
  assert.deepEqual(parseMeminfo(`${head}MemAvailable:     700 kB\n`), { totalKib: 1000, availableKib: 700 });
  assert.deepEqual(parseMeminfo(`${head}Buffers:           20 kB\nCached:           300 kB\n`), {
    totalKib: 1000,
    availableKib: 420,
  });
  assert.equal(parseMeminfo(""), undefined);
});

test("a volume has the values that toolstacks know, the UUID behind its name", () => {
  const use = { kind: "mounted", filesystem: "ext4", mountPoint: "/", freeBytes: 5 } as const;
  const volumes = [
    { path: "/dev/xvda1", uuid: "u-1", sizeBytes: 4096, backend: "dm-3", use },
    { path: "/dev/xvdb", uuid: undefined, sizeBytes: 512, backend: undefined, use: { kind: "lvm" } },
  ] as const;
  assert.deepEqual(Object.fromEntries(volumeNodes(volumes)), {
    "data/volumes/0/name": "/dev/xvda1(u-1)",
    "data/volumes/0/size": "4096",
    "data/volumes/0/extents/0": "dm-3",
    "data/volumes/0/filesystem": "ext4",
    "data/volumes/0/mount_points/0": "/",
    "data/volumes/0/free": "5",
    "data/volumes/1/name": "/dev/xvdb",
    "data/volumes/1/size": "512",
    "data/volumes/1/filesystem": "lvm2",
    "data/volumes/1/mount_points/0": "[LVM]",
  });
});

test("the mount of the whole file system is a volume's, by number or by name", () => {
  const mounts = parseMountinfo(
    String.raw`30 1 202:1 /sub /srv/a\040b rw - ext4 /dev/root rw
31 1 202:1 / / rw,relatime shared:1 - ext4 /dev/root rw
32 1 0:40 / /data rw - btrfs /dev/xvdb rw
nonsense`,
  );
  assert.equal(mounts[0]?.mountPoint, "/srv/a b");
  assert.equal(mountOf(mounts, { path: "/dev/xvda1", device: "202:1" })?.mountPoint, "/");
  assert.equal(mountOf(mounts, { path: "/dev/xvdb", device: "202:16" })?.filesystem, "btrfs");
  assert.equal(mountOf(mounts, { path: "/dev/xvdc", device: "202:32" }), undefined);
});

test("every number of the drivers' version is there and a number", () => {
  const nodes = [...pvAddonsNodes("3.0.1")];
  assert.deepEqual(
    nodes.map(([, value]) => value),
    ["1", "3", "0", "1", "1"],
  );
});

test("times are written as asctime(3) does", () => {
  assert.equal(updatedText(1_136_214_245), "Mon Jan  2 15:04:05 2006");
});
