import assert from "node:assert/strict";
import test from "node:test";
import { mountOf, mountsBelow, parseMountTable } from "../../../src/adapters/demo/mount-table.ts";

// Lines as Linux 6 shows them, with optional fields and an escaped blank.
const text = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:2 - proc proc rw
40 22 254:1 / /usr ro,nodev,noatime shared:9 master:1 - ext4 /dev/vdb ro
41 40 254:2 / /usr/share/my\\040files rw,nosuid,relatime - ext4 /dev/vdc rw
42 22 0:5 / /usrlocal rw - tmpfs tmpfs rw
`;

test("a mount has its path without escapes and its own options", () => {
  const mounts = parseMountTable(text);
  assert.deepEqual(
    mounts.map(({ path }) => path),
    ["/", "/proc", "/usr", "/usr/share/my files", "/usrlocal"],
  );
  assert.deepEqual(mounts[1]?.options, ["rw", "nosuid", "nodev", "noexec", "relatime"]);
});

test("a path lies on the deepest mount above it", () => {
  const mounts = parseMountTable(text);
  const pathOf = (path: string) => mountOf(mounts, path)?.path;
  assert.equal(pathOf("/usr/bin"), "/usr");
  assert.equal(pathOf("/usr"), "/usr");
  assert.equal(pathOf("/usrx"), "/");
  assert.equal(pathOf("/usr/share/my files/x"), "/usr/share/my files");
});

test("of two mounts at one place the later one counts", () => {
  const mounts = parseMountTable(`${text}50 22 0:9 / /usr rw,noexec - tmpfs tmpfs rw\n`);
  assert.deepEqual(mountOf(mounts, "/usr/bin")?.options, ["rw", "noexec"]);
});

test("below a directory are the mounts inside it and not its neighbours", () => {
  const mounts = parseMountTable(text);
  assert.deepEqual(
    mountsBelow(mounts, "/usr").map(({ path }) => path),
    ["/usr/share/my files"],
  );
});
