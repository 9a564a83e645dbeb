import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { testStoreContract } from "@nova-agent/xenstore/testing";
import { realStoreFixture } from "./real-store.ts";

testStoreContract({
  test: (name, body) => systemTest(`c: ${name}`, { needs: ["xenstored", "cc"] }, body),
  assert,
  fixture: realStoreFixture("c"),
});
