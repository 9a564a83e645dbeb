import assert from "node:assert/strict";
import test from "node:test";
import { parseLibraries } from "../../src/image/root-tree.ts";

test("libraries and the loader are found by their paths, once each", () => {
  const listing = [
    "\tlinux-vdso.so.1 (0x00007ffd5b9f2000)",
    "\tlibxenlight.so.4.17 => /tmp/dom0/usr/lib/x86_64-linux-gnu/libxenlight.so.4.17 (0x00007f2f7c000000)",
    "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2f7be1f000)",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f2f7c2a5000)",
    "\tlinux-vdso.so.1 (0x00007ffc1c3d1000)",
    "\tlibstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f1a2e000000)",
    "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1a2de1f000)",
    "\t/lib64/ld-linux-x86-64.so.2 => /usr/lib64/ld-linux-x86-64.so.2 (0x00007f1a2e6a5000)",
    "",
  ].join("\n");
  assert.deepEqual(
    [...parseLibraries(listing)],
    [
      "/tmp/dom0/usr/lib/x86_64-linux-gnu/libxenlight.so.4.17",
      "/lib/x86_64-linux-gnu/libc.so.6",
      "/lib64/ld-linux-x86-64.so.2",
      "/lib/x86_64-linux-gnu/libstdc++.so.6",
      "/usr/lib64/ld-linux-x86-64.so.2",
    ],
  );
});

for (const [what, listing] of [
  ["a program that is linked statically", "\tstatically linked\n"],
  ["a script", "\tnot a dynamic executable\n"],
  ["a library that is missing", "\tlibxenstat.so.4.17 => not found\n"],
  ["nothing at all", ""],
] as const) {
  test(`the list of ${what} names no path`, () => {
    assert.deepEqual([...parseLibraries(listing)], []);
  });
}
