import assert from "node:assert/strict";
import { test } from "node:test";
import { type StoreName, testStoreContract } from "@nova-agent/xenstore/testing";
import { memoryStoreFixture } from "../contract/own-store.ts";

/** Names of the cases that this package's store fails when it is held against the table of `store`. */
async function failuresAs(store: StoreName): Promise<readonly string[]> {
  const cases = new Map<string, () => Promise<void>>();
  testStoreContract({
    test: (name, body) => cases.set(name, body),
    assert,
    fixture: { ...memoryStoreFixture, store },
  });
  const failures: string[] = [];
  for (const [name, body] of cases) {
    await body().catch((error: unknown) => {
      assert.ok(error instanceof assert.AssertionError, String(error));
      failures.push(name);
    });
  }
  return failures;
}

test("a difference that a store does not show fails, however the table tells it", async () => {
  const failures = await failuresAs("ox");
  for (const name of [
    // A line, a reply, and a case that only goes otherwise.
    "the event of an own change comes before its reply",
    "RM of the root is EINVAL",
    "DIRECTORY_PART checks its arguments as DIRECTORY does",
  ]) {
    assert.ok(failures.includes(name), name);
  }
});

test("a difference that no table tells fails", async () => {
  assert.deepEqual(await failuresAs("c"), [
    "the types of the development tree are ENOSYS where they are missing",
    "a path argument is exactly one string with its nul",
    "conflict: READ a / rm a, and then rm a inside",
    "conflict: GET_PERMS a / rm a, and then rm a inside",
    "conflict: WRITE a / rm a, and then rm a inside",
    "GET_PERMS of a special node is EINVAL",
    "a domain may have 128 watches",
    "a domain may have 10 transactions open",
  ]);
});
