import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { encodeBase64 } from "@nova-agent/xenstore";

test("base64 of any bytes is as others encode them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"));
    }),
  );
});
