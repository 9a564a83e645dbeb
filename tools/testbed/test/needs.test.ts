import assert from "node:assert/strict";
import { test } from "node:test";
import { findMissingPackages, neededDebianPackages, type Need, skipReason } from "../src/index.ts";

// A need that exactly one kind of user lacks, so that both outcomes can be seen on every machine.
const isRoot = process.getuid?.() === 0;

test("a need is met or the reason names it with its remedy", async () => {
  const reason = await skipReason(["root"], false);
  assert.equal(reason, isRoot ? undefined : "needs root (run as root)");
});

test("every need can be looked for, and none is both met and missing", async () => {
  const needs: Need[] = [
    "apt",
    "attr",
    "cc",
    "ip",
    "namespaces",
    "pyxs",
    "root",
    "socat",
    "xen-boot",
    "xenstored",
  ];
  for (const need of needs) {
    const reason = await skipReason([need], false);
    if (reason === undefined) assert.equal(await skipReason([need], true), undefined);
    else await assert.rejects(skipReason([need], true), new RegExp(`needs ${need} `));
  }
});

test("real Xen boots on x86-64 only", async (context) => {
  const own = process.arch;
  context.after(() => Object.defineProperty(process, "arch", { value: own }));
  Object.defineProperty(process, "arch", { value: "arm64" });
  assert.match((await skipReason(["xen-boot"], false)) ?? "", /^needs xen-boot \(.*x86-64/);
});

test("the packages to install bring no server", () => {
  const names = neededDebianPackages();
  assert.ok(names.includes("python3-pyxs"));
  assert.deepEqual(
    names.filter((name) => /^(xen-utils|network-manager|ifupdown|systemd)/.test(name)),
    [],
  );
});

test("a package that nobody made is missing", async () => {
  assert.deepEqual(await findMissingPackages(["nova-agent-no-such-package"]), ["nova-agent-no-such-package"]);
});
