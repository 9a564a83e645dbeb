import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { createFiles, type FileCalls } from "../../src/system/files-from-calls.ts";
import { SystemError } from "../../src/errors.ts";

function refuse(code: string): () => never {
  return () => {
    throw new SystemError(code, code);
  };
}

/** Calls of a system whose disk is full; those that are not named here are not to be made. */
function createCalls(remove: FileCalls["remove"]): { readonly calls: FileCalls; readonly closed: number[] } {
  const closed: number[] = [];
  const unexpected = refuse("ENOSYS");
  const calls: FileCalls = {
    flags: {
      read: 0,
      write: 1,
      create: 64,
      exclusive: 128,
      nonblocking: 2048,
      noTerminal: 256,
      noFollow: 131_072,
      directory: 65_536,
    },
    open: () => 7,
    close: (descriptor) => void closed.push(descriptor),
    read: unexpected,
    write: refuse("ENOSPC"),
    sync: unexpected,
    setMode: unexpected,
    setOwner: unexpected,
    statusOf: unexpected,
    status: unexpected,
    list: unexpected,
    readLink: unexpected,
    makeDirectory: unexpected,
    rename: unexpected,
    remove,
    makeLink: unexpected,
    readLabel: unexpected,
    setLabel: unexpected,
  };
  return { calls, closed };
}

function create(calls: FileCalls): void {
  createFiles(calls).create("/etc/x", encodeUtf8("x\n"), { mode: 0o644 });
}

test("a file that cannot be written whole is removed again", () => {
  const removed: string[] = [];
  const { calls, closed } = createCalls((path) => void removed.push(path));
  assert.throws(() => create(calls), { code: "ENOSPC" });
  assert.deepEqual([removed, closed], [["/etc/x"], [7]]);
});

test("why a file cannot be written is told also when it cannot be removed again", () => {
  const { calls, closed } = createCalls(refuse("EROFS"));
  assert.throws(() => create(calls), { code: "ENOSPC" });
  assert.deepEqual(closed, [7]);
});
