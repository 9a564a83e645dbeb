import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../../src/errors.ts";
import { rootFiles } from "../../src/system/rooted-files.ts";
import { FakeFiles } from "../support/fake-files.ts";
import { filesContract } from "./files-contract.ts";

filesContract("files under a root", async () => {
  const files = new FakeFiles();
  files.addDirectory("/guest/work");
  return {
    files: rootFiles(files, "/guest"),
    directory: "/work",
    owner: { uid: 0, gid: 0 },
    link: (target, path) => files.addLink(`/guest${path}`, target),
  };
});

/** A guest's tree at /guest, and a file of the machine that nothing in it may reach. */
function guestTree(): { readonly files: FakeFiles; readonly resolve: (path: string) => string } {
  const files = new FakeFiles();
  files.addFile("/etc/secret", "the machine's");
  files.addFile("/guest/etc/file", "the guest's");
  return { files, resolve: (path) => rootFiles(files, "/guest").resolve(path) };
}

test("an absolute link means the root's own tree", () => {
  const { files, resolve } = guestTree();
  files.addLink("/guest/absolute", "/etc/secret");
  assert.equal(resolve("/absolute"), "/etc/secret");
  assert.throws(() => rootFiles(files, "/guest").read("/absolute", 100), { code: "ENOENT" });
});

test("a link that climbs above the root stays at the root", () => {
  const { files, resolve } = guestTree();
  files.addLink("/guest/etc/climbs", "../../../../etc/secret");
  assert.equal(resolve("/etc/climbs"), "/etc/secret");
  assert.throws(() => rootFiles(files, "/guest").read("/etc/climbs", 100), { code: "ENOENT" });
});

test("a path that climbs above the root stays at the root", () => {
  const { files, resolve } = guestTree();
  assert.equal(resolve("/../../etc/./file/"), "/etc/file");
  assert.equal(decodeUtf8(rootFiles(files, "/guest").read("/../etc/file", 100)), "the guest's");
});

test("a directory on the way that is a link is followed inside the root, for every call", () => {
  const { files } = guestTree();
  files.addLink("/guest/config", "/etc");
  const rooted = rootFiles(files, "/guest");
  const attributes = { mode: 0o600, uid: 0, gid: 0 };
  rooted.create("/config/made", new Uint8Array(), attributes);
  rooted.makeDirectory("/config/directory", 0o755);
  rooted.rename("/config/made", "/config/renamed");
  rooted.remove("/config/file");
  assert.deepEqual(rooted.list("/config"), ["directory", "renamed"]);
  assert.deepEqual(files.list("/etc"), ["secret"]);
});

test("a link behind a link is followed from where the second one stands", () => {
  const { files, resolve } = guestTree();
  files.addLink("/guest/a/one", "../b/two");
  files.addLink("/guest/b/two", "three/four");
  assert.equal(resolve("/a/one/five"), "/b/three/four/five");
});

test(".. behind a link leads to the parent of where the link leads", () => {
  const { files, resolve } = guestTree();
  files.addLink("/guest/link", "/a/b");
  files.addDirectory("/guest/a/b");
  assert.equal(resolve("/link/../c"), "/a/c");
});

test("resolving a path whose end is missing says where it would be", () => {
  assert.equal(guestTree().resolve("/etc/new/file"), "/etc/new/file");
});

test("40 links in a row are followed and 41 are a loop", () => {
  const { files, resolve } = guestTree();
  for (let index = 0; index < 41; index += 1) files.addLink(`/guest/link${index}`, `link${index + 1}`);
  assert.equal(resolve("/link1"), "/link41");
  assert.throws(
    () => resolve("/link0"),
    (error) => error instanceof SystemError && error.code === "ELOOP",
  );
});

test("a path that is relative or holds a NUL is EINVAL", () => {
  const { resolve } = guestTree();
  for (const path of ["etc/file", "", "/etc/file\0.txt"])
    assert.throws(() => resolve(path), { code: "EINVAL" });
});

test("the root / changes no path", () => {
  const files = new FakeFiles();
  files.addFile("/etc/file", "text");
  assert.equal(decodeUtf8(rootFiles(files, "/").read("/etc/file", 10)), "text");
});
