import assert from "node:assert/strict";
import test from "node:test";
import { parseMountTable } from "../../../src/adapters/demo/mount-table.ts";
import { planMounts } from "../../../src/adapters/demo/mounts.ts";

const mounts = parseMountTable(`1 1 8:1 / / rw,nodev,relatime - ext4 /dev/sda rw
2 1 8:2 / /usr/share rw,nosuid,noatime - ext4 /dev/sdb rw
`);
const socket = { source: "/tmp/x/dom1.sock", target: "/run/socket" };

function plan(shared: Parameters<typeof planMounts>[0]["shared"]): string[] {
  const commands = planMounts({ tree: "/tmp/t", shared, devices: ["/dev/null"], socket, mounts });
  return commands.map((argv) => argv.join(" "));
}

test("a shared directory and the mounts in it become read-only and keep their locked options", () => {
  assert.deepEqual(plan([{ source: "/usr", target: "/usr" }]), [
    "mount --bind /tmp/t /tmp/t",
    "mount --rbind /usr /tmp/t/usr",
    "mount -o remount,bind,ro,nodev,relatime /tmp/t/usr",
    "mount -o remount,bind,ro,nosuid,noatime /tmp/t/usr/share",
    "mount --bind /dev/null /tmp/t/dev/null",
    "mount --bind /tmp/x/dom1.sock /tmp/t/run/socket",
    "mount -t proc -o nosuid,nodev,noexec proc /tmp/t/proc",
  ]);
});

test("a file of the guest's own comes over the kernel's once /proc is there", () => {
  const ownProcFiles = [{ source: "/run/meminfo", target: "/proc/meminfo" }];
  const commands = planMounts({ tree: "/tmp/t", shared: [], devices: [], socket, ownProcFiles, mounts });
  assert.deepEqual(
    commands.slice(-2).map((argv) => argv.join(" ")),
    [
      "mount -t proc -o nosuid,nodev,noexec proc /tmp/t/proc",
      "mount --bind /tmp/t/run/meminfo /tmp/t/proc/meminfo",
    ],
  );
});

test("layers lie over the machine's directory, the first on top", () => {
  const [, command] = plan([
    { source: "/usr/lib", target: "/usr/lib", layers: ["/a/usr/lib", "/b/usr/lib"] },
  ]);
  assert.equal(
    command,
    "mount -t overlay -o ro,lowerdir=/a/usr/lib:/b/usr/lib:/usr/lib overlay /tmp/t/usr/lib",
  );
});
