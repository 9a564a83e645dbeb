import assert from "node:assert/strict";
import { test } from "node:test";
import { testStoreContract } from "@nova-agent/xenstore/testing";
import { socketStoreFixture } from "./own-store.ts";

testStoreContract({
  test: (name, body) => void test(`store on sockets: ${name}`, body),
  assert,
  fixture: socketStoreFixture,
});
