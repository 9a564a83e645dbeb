import assert from "node:assert/strict";
import { test } from "node:test";
import { APPLY_TIMEOUT_MS, INTERFACE_TIMEOUT_MS, NETWORK_SETTLE_MS } from "../../src/network/limits.ts";
import { PLAN_LIMIT_MS } from "../../src/system/limits.ts";

test("a program that takes its whole time leaves the check behind it its own", () => {
  for (const timeoutMs of [APPLY_TIMEOUT_MS, INTERFACE_TIMEOUT_MS]) {
    assert.ok(timeoutMs + NETWORK_SETTLE_MS <= PLAN_LIMIT_MS);
  }
});
