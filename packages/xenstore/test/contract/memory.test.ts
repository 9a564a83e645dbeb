import assert from "node:assert/strict";
import { test } from "node:test";
import { testStoreContract } from "@nova-agent/xenstore/testing";
import { memoryStoreFixture } from "./own-store.ts";

testStoreContract({
  test: (name, body) => void test(`store in memory: ${name}`, body),
  assert,
  fixture: memoryStoreFixture,
});
