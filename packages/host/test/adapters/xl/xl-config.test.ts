import assert from "node:assert/strict";
import test from "node:test";
import { domainName, renderConfig, renderVif } from "../../../src/adapters/xl/xl-config.ts";
import type { DiskSpec, DomainSpec } from "../../../src/index.ts";
import { hasCode } from "../../support/has-code.ts";

const spec: DomainSpec = {
  uuid: "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f",
  name: "web 1",
  memoryMib: 512,
  vcpus: 2,
  boot: "own",
  image: "debian",
  vifs: [
    { index: 0, mac: "00:16:3E:4A:10:01", bridge: "xenbr0" },
    { index: 2, mac: "00:16:3e:4a:10:02", bridge: "xenbr1" },
  ],
  vmData: {},
};
const disk = { path: "/disks/own.img", format: "raw", layout: "whole", device: "xvda" } as const;

test("a domain with a boot menu on its disk", () => {
  const image = { type: "pvh", boot: { kind: "pygrub" } } as const;
  const name = domainName(spec);
  assert.equal(
    renderConfig({ name, spec, image, disks: [disk], vifScript: undefined }),
    `name = "web-1-5e0a7a1e"
uuid = "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f"
type = "pvh"
bootloader = "pygrub"
memory = 512
vcpus = 2
disk = ["format=raw,vdev=xvda,access=rw,target=/disks/own.img"]
vif = ["mac=00:16:3e:4a:10:01,bridge=xenbr0", "mac=00:16:3e:4a:10:02,bridge=xenbr1,devid=2"]
on_poweroff = "destroy"
on_reboot = "restart"
on_crash = "destroy"
`,
  );
});

test("a rescue system with a kernel of its own, and one file system to be rescued", () => {
  const boot = {
    kind: "kernel",
    kernel: "/k/vmlinuz",
    ramdisk: "/k/initrd",
    commandLine: "console=hvc0",
  } as const;
  const second = { path: "/disks/own.img", format: "qcow2", layout: "filesystem", device: "xvdb" } as const;
  const text = renderConfig({
    name: "web",
    spec: { ...spec, vifs: spec.vifs.slice(0, 1) },
    image: { type: "pv", boot },
    disks: [second],
    vifScript: "vif-plug",
  });
  assert.equal(
    text,
    `name = "web"
uuid = "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f"
type = "pv"
kernel = "/k/vmlinuz"
ramdisk = "/k/initrd"
cmdline = "console=hvc0"
memory = 512
vcpus = 2
disk = ["format=qcow2,vdev=xvdb1,access=rw,target=/disks/own.img"]
vif = ["mac=00:16:3e:4a:10:01,bridge=xenbr0,script=vif-plug"]
on_poweroff = "destroy"
on_reboot = "restart"
on_crash = "destroy"
`,
  );
});

test("disks beside those that a domain boots with", () => {
  const image = { type: "pv", boot: { kind: "pygrub" } } as const;
  const withDisks = (...disks: DiskSpec[]) =>
    renderConfig({ name: "web", spec: { ...spec, disks }, image, disks: [disk], vifScript: undefined });
  assert.match(
    withDisks({ device: "xvdc", path: "/dev/vg/data", format: "raw" }),
    /^disk = \["format=raw,vdev=xvda,[^"]*", "format=raw,vdev=xvdc,access=rw,target=\/dev\/vg\/data"\]$/m,
  );
  for (const device of ["xvda", "xvdb", "sda", "xvdc,readonly"]) {
    assert.throws(() => withDisks({ device, path: "/x", format: "raw" }), hasCode("TOOLSTACK_FAILED"));
  }
});

test("no value ends the string that it stands in", () => {
  const image = { type: "pv", boot: { kind: "pygrub" } } as const;
  for (const path of ['/a"b', "/a\\b", "/a\nb"]) {
    const disks = [{ ...disk, path }];
    assert.throws(
      () => renderConfig({ name: "web", spec, image, disks, vifScript: undefined }),
      hasCode("TOOLSTACK_FAILED"),
    );
  }
  const vif = { index: 0, mac: "00:16:3e:4a:10:01", bridge: "xenbr0" };
  for (const bad of [{ mac: "00:16:3e" }, { mac: "" }, { bridge: "a,b" }, { bridge: "" }]) {
    assert.throws(() => renderVif({ ...vif, ...bad }, { vifScript: undefined }), hasCode("TOOLSTACK_FAILED"));
  }
});

test("two instances of one name have domains of different names", () => {
  const other = { ...spec, uuid: "6e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f" };
  assert.notEqual(domainName(spec), domainName(other));
  assert.equal(domainName({ ...spec, name: "../é" }), "..--5e0a7a1e");
});
