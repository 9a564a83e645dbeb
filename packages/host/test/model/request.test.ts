import assert from "node:assert/strict";
import test from "node:test";
import { decodeUtf8 } from "@nova-agent/xenstore";
import { assertFitsPacket, encodeRequest } from "../../src/model/request.ts";
import { hasCode } from "../support/has-code.ts";

const requests = [
  ["text", { name: "version", value: "agent" }, `{"name":"version","value":"agent"}`],
  [
    "an object",
    { name: "file_inject", value: { a: [1, null] } },
    `{"name":"file_inject","value":{"a":[1,null]}}`,
  ],
  [
    "text beyond ASCII",
    { name: "x", value: "ü€😀" },
    String.raw`{"name":"x","value":"\u00fc\u20ac\ud83d\ude00"}`,
  ],
] as const;

for (const [name, request, expected] of requests) {
  test(`a request with ${name} is ASCII JSON, name first`, () => {
    assert.equal(decodeUtf8(encodeRequest(request)), expected);
  });
}

test("the largest request fills one packet of 4096 bytes to the last", () => {
  const id = "01234567-89ab-cdef-0123-456789abcdef";
  // 16 bytes of header are not counted; path, NUL and value are.
  const path = `/local/domain/5/data/host/${id}`;
  const largest = 4096 - path.length - 1;
  assertFitsPacket({ domid: 5, id, name: "send", bytes: new Uint8Array(largest) });
  assert.throws(
    () => assertFitsPacket({ domid: 5, id, name: "send", bytes: new Uint8Array(largest + 1) }),
    hasCode("TOO_LARGE", new RegExp(`has ${largest + 1} bytes; one packet of XenStore carries ${largest} `)),
  );
});
