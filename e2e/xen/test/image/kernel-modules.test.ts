import assert from "node:assert/strict";
import test from "node:test";
import { dependenciesOf } from "../../src/image/kernel-modules.ts";

/** The part of a module that tells about it, between code that may hold any bytes. */
const moduleWith = (...entries: readonly string[]): string =>
  `\u007fELF\u00ff\u0000depends\u0000${entries.map((entry) => `${entry}\0`).join("")}\u0000\u00fe`;

for (const [entry, expected] of [
  ["depends=", []],
  ["depends=llc", ["llc"]],
  ["depends=stp,llc", ["stp", "llc"]],
  ["depends=xen-privcmd,8021q", ["xen-privcmd", "8021q"]],
] as const) {
  test(`a module with "${entry}" needs ${expected.join(" and ") || "no other"}`, () => {
    const module = moduleWith("license=GPL", entry, "retpoline=Y", "intree=Y", "name=bridge");
    assert.deepEqual(dependenciesOf(module), expected);
  });
}

test("only an entry named depends counts", () => {
  const module = moduleWith("description=has depends=llc in it", "softdepends=crc32c", "depends=stp");
  assert.deepEqual(dependenciesOf(module), ["stp"]);
});

test("a module that says nothing about it needs no other", () => {
  assert.deepEqual(dependenciesOf(moduleWith("license=GPL")), []);
});
