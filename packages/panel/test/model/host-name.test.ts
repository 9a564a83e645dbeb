import assert from "node:assert/strict";
import test from "node:test";
import { hostNameOf } from "../../src/browser/model/host-name.ts";

test("a host name is made of a name as the service makes it", () => {
  const names = ["Web 1", "ZÜRICH_db.example", "-.web.-", "a".repeat(70)];
  const expected = ["web-1", "zurich-db.example", "web", "a".repeat(63)];
  assert.deepEqual(
    names.map((name) => hostNameOf(name, false)),
    expected,
  );
});

test("Windows has fifteen characters for it", () => {
  assert.equal(hostNameOf("a-rather-long-name", true), "a-rather-long-n");
});

test("a name without a letter for it has none", () => {
  assert.equal(hostNameOf("服务器", false), undefined);
});
