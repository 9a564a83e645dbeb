import assert from "node:assert/strict";
import test from "node:test";
import { ApiError } from "../../src/errors.ts";
import { FailureLimit } from "../../src/identity/failure-limit.ts";
import {
  ADDRESS_FAILURES_MAX,
  AUTHENTICATION_FAILURES_MAX,
  AUTHENTICATION_KEYS_MAX,
} from "../../src/limits.ts";

function refuse(): Promise<never> {
  return Promise.reject(new ApiError("UNAUTHORIZED", "No"));
}

/** Guesses that are wrong; each says how it was answered. */
function guesser(): (attempt: { readonly name: string; readonly address: string }) => Promise<string> {
  const limit = new FailureLimit(() => new Date("2026-01-01T00:00:00Z"));
  return async (attempt) => {
    const error: unknown = await limit.run(attempt, refuse).catch((reason: unknown) => reason);
    assert.ok(error instanceof ApiError);
    return error.code;
  };
}

test("who waits already cannot have failures forgotten by asking under ever more names", async () => {
  const guess = guesser();
  const address = "192.0.2.1";
  for (let count = 0; count < ADDRESS_FAILURES_MAX; count += 1) await guess({ name: `a${count}`, address });
  for (let count = 0; count <= AUTHENTICATION_KEYS_MAX; count += 1) {
    assert.equal(await guess({ name: `b${count}`, address }), "TOO_MANY_REQUESTS");
  }
});

test("the addresses of one IPv6 network wait together", async () => {
  const guess = guesser();
  for (let count = 0; count < AUTHENTICATION_FAILURES_MAX; count += 1) {
    const address = `2001:db8:0:1::${count.toString(16)}`;
    assert.equal(await guess({ name: "alice", address }), "UNAUTHORIZED");
  }
  assert.equal(await guess({ name: "alice", address: "2001:db8:0:1:ffff::1" }), "TOO_MANY_REQUESTS");
  assert.equal(await guess({ name: "alice", address: "2001:db8:0:2::1" }), "UNAUTHORIZED");
});

test("an IPv4 address is the same one on a socket of both families", async () => {
  const guess = guesser();
  for (let count = 0; count < AUTHENTICATION_FAILURES_MAX; count += 1) {
    await guess({ name: "alice", address: "192.0.2.1" });
  }
  assert.equal(await guess({ name: "alice", address: "::ffff:192.0.2.1" }), "TOO_MANY_REQUESTS");
  assert.equal(await guess({ name: "alice", address: "::ffff:192.0.2.2" }), "UNAUTHORIZED");
});
