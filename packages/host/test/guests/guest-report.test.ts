import assert from "node:assert/strict";
import test from "node:test";
import { parseGuestReport } from "../../src/index.ts";

const published = {
  "attr/PVAddons/Installed": "1",
  "attr/PVAddons/MajorVersion": "3",
  "attr/PVAddons/MinorVersion": "0",
  "attr/PVAddons/MicroVersion": "1",
  "attr/vif/0/ipv4/0": "203.0.113.10",
  "attr/vif/0/ipv4/1": "203.0.113.11",
  "attr/vif/0/ipv6/0": "2001:db8::10",
  "data/meminfo_free": "1000",
  "data/meminfo_total": "2000",
  "data/os_distro": "debian",
  "data/os_majorver": "12",
  "data/os_minorver": "5",
  "data/os_name": "Debian GNU/Linux 12 (bookworm)",
  "data/os_uname": "6.1.0-18-amd64",
  "data/updated": "Mon Nov 23 03:04:05 2026",
  "data/volumes/0/extents/0": "/local/domain/0/backend/vbd/5/51712",
  "data/volumes/0/filesystem": "ext4",
  "data/volumes/0/free": "1000000",
  "data/volumes/0/mount_points/0": "/",
  "data/volumes/0/name": "/dev/xvda1(0d1f)",
  "data/volumes/0/size": "5000000",
  "data/volumes/1/filesystem": "lvm2",
  "device/vif/0/mac": "00:16:3E:00:00:01",
  "device/vif/10/mac": "00:16:3e:00:00:0a",
};

test("what xe-daemon publishes is understood", () => {
  assert.deepEqual(parseGuestReport(new Map(Object.entries(published))), {
    isPublished: true,
    os: { name: "Debian GNU/Linux 12 (bookworm)", version: "12.5", distro: "debian" },
    kernel: "6.1.0-18-amd64",
    memory: { totalKib: 2000, freeKib: 1000 },
    volumes: [
      {
        name: "/dev/xvda1(0d1f)",
        mount: "/",
        sizeBytes: 5_000_000,
        freeBytes: 1_000_000,
        filesystem: "ext4",
      },
      { name: "", mount: "", sizeBytes: null, freeBytes: null, filesystem: "lvm2" },
    ],
    interfaces: [
      {
        vif: 0,
        name: "VIF 0",
        mac: "00:16:3e:00:00:01",
        addresses: ["203.0.113.10", "203.0.113.11", "2001:db8::10"],
      },
      { vif: 10, name: "VIF 10", mac: "00:16:3e:00:00:0a", addresses: [] },
    ],
    toolsVersion: "3.0.1",
    updatedAt: new Date("2026-11-23T03:04:05Z"),
  });
});

test("a guest that publishes nothing has only the cards of its toolstack", () => {
  const { isPublished, interfaces, os, memory } = parseGuestReport(
    new Map([["device/vif/0/mac", "00:16:3e:00:00:01"]]),
  );
  assert.deepEqual([isPublished, os, memory, interfaces.length], [false, null, null, 1]);
});

test("what is not in the form that it should have is left out", () => {
  const report = parseGuestReport(
    new Map([
      ["data/updated", "yesterday"],
      ["data/meminfo_total", "-1"],
      ["data/meminfo_free", "99999999999999999999"],
      ["data/volumes/x/name", "/dev/xvda"],
      ["data/volumes/0/size", "0x10"],
      ["attr/vif/99999/ipv4/0", "10.0.0.1"],
    ]),
  );
  assert.deepEqual([report.isPublished, report.updatedAt, report.memory], [true, null, null]);
  assert.deepEqual(
    report.volumes.map(({ sizeBytes }) => sizeBytes),
    [null],
  );
  assert.deepEqual(report.interfaces, []);
});
