import assert from "node:assert/strict";
import { test } from "node:test";
import { ExchangeKeeper } from "../../src/service/exchange-keeper.ts";
import { EXCHANGE_FAILURES_MAX } from "../../src/limits.ts";
import { Secret } from "../../src/secret.ts";

function started(): { readonly keeper: ExchangeKeeper; readonly secret: Secret } {
  const keeper = new ExchangeKeeper();
  const secret = new Secret(Uint8Array.of(1, 2, 3));
  keeper.apply({ kind: "start", secret });
  return { keeper, secret };
}

function assertWiped(keeper: ExchangeKeeper, secret: Secret): void {
  assert.notEqual(keeper.secret, secret);
  assert.deepEqual(secret.reveal(), new Uint8Array(3));
}

test("an exchange stays until it ends, also over plans that say nothing of it", () => {
  const { keeper, secret } = started();
  keeper.apply(undefined);
  assert.equal(keeper.secret, secret);
  assert.deepEqual(secret.reveal(), Uint8Array.of(1, 2, 3));
});

test("the end of an exchange zeroes its secret", () => {
  const { keeper, secret } = started();
  keeper.apply({ kind: "end" });
  assertWiped(keeper, secret);
});

test("a new exchange zeroes the secret of the one before it", () => {
  const { keeper, secret } = started();
  const next = new Secret(Uint8Array.of(4));
  keeper.apply({ kind: "start", secret: next });
  assertWiped(keeper, secret);
  assert.equal(keeper.secret, next);
});

test("the last failure allowed zeroes the secret, those before it do not", () => {
  const { keeper, secret } = started();
  for (let failure = 1; failure < EXCHANGE_FAILURES_MAX; failure += 1) keeper.countFailure();
  assert.equal(keeper.secret, secret);
  keeper.countFailure();
  assertWiped(keeper, secret);
});

test("failures before an exchange do not count against it", () => {
  const keeper = new ExchangeKeeper();
  for (let failure = 1; failure < EXCHANGE_FAILURES_MAX; failure += 1) keeper.countFailure();
  const secret = new Secret(Uint8Array.of(1));
  keeper.apply({ kind: "start", secret });
  keeper.countFailure();
  assert.equal(keeper.secret, secret);
});
