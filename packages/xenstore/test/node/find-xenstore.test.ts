import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findXenstore } from "@nova-agent/xenstore/node";

test("XENSTORED_PATH goes first and need not be there yet", () => {
  const found = findXenstore({ XENSTORED_PATH: "/nowhere/xs", XENSTORED_RUNDIR: "/other" }, { places: [] });
  assert.equal(found.description, "socket /nowhere/xs");
});

test("XENSTORED_PATH may name a device", () => {
  assert.equal(findXenstore({ XENSTORED_PATH: "/dev/null" }).description, "device /dev/null");
});

test("XENSTORED_RUNDIR is the folder of the socket", () => {
  assert.equal(findXenstore({ XENSTORED_RUNDIR: "/run/mine" }).description, "socket /run/mine/socket");
});

test("empty variables count as unset, and the first place that is there is taken", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-find-"));
  const path = join(directory, "socket");
  const server = createServer().listen(path);
  try {
    await once(server, "listening");
    const unset = { XENSTORED_PATH: "", XENSTORED_RUNDIR: "" };
    const places = [join(directory, "missing"), path, "/dev/null"];
    assert.equal(findXenstore(unset, { places }).description, `socket ${path}`);
    assert.equal(findXenstore({}, { places: ["/dev/null", path] }).description, "device /dev/null");
  } finally {
    server.close();
    await rm(directory, { recursive: true, force: true });
  }
});

test("a place that cannot be looked at is taken, and connecting says why", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-find-"));
  const path = join(directory, "socket");
  try {
    await symlink(path, path);
    const found = findXenstore({}, { places: [path, "/dev/null"] });
    assert.equal(found.description, `socket ${path}`);
    await assert.rejects(found.connect(), { code: "EIO", message: /ELOOP/ });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("nothing found is ENOENT and names the places looked at", () => {
  assert.throws(() => findXenstore({}, { places: ["/nowhere/a", "/nowhere/b"] }), {
    code: "ENOENT",
    message: /\/nowhere\/a, \/nowhere\/b.*XENSTORED_PATH/,
  });
});
