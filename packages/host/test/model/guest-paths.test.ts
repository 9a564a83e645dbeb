import assert from "node:assert/strict";
import test from "node:test";
import { parseDomid, replyPath, requestPath } from "../../src/model/guest-paths.ts";

test("request and reply lie under the same id in the guest's data", () => {
  assert.equal(requestPath(5, "a-b"), "/local/domain/5/data/host/a-b");
  assert.equal(replyPath(5, "a-b"), "/local/domain/5/data/guest/a-b");
});

const domids = [
  ["0", 0],
  ["5", 5],
  ["65535", 65_535],
  ["65536", undefined],
  ["05", undefined],
  ["-1", undefined],
  ["5 ", undefined],
  ["", undefined],
  ["web-1", undefined],
  ["1e3", undefined],
] as const;

for (const [text, domid] of domids) {
  test(`"${text}" is ${domid === undefined ? "no domid" : `domid ${domid}`}`, () => {
    assert.equal(parseDomid(text), domid);
  });
}
