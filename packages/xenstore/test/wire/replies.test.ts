import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  decodeLatin1,
  encodeDirectoryPart,
  encodeLatin1,
  encodePermissions,
  encodeTexts,
  encodeWatchEvent,
  errorPayload,
  OK_PAYLOAD,
  parseDirectoryPart,
  parseErrorName,
  parsePermissions,
  parseText,
  parseWatchEvent,
  splitStrings,
} from "@nova-agent/xenstore";
import { anyPermission, anyText } from "./arbitrary.ts";

function show(payload: Uint8Array): string {
  return decodeLatin1(payload).replaceAll("\0", "|");
}

function bytes(text: string): Uint8Array {
  return encodeLatin1(text.replaceAll("|", "\0"));
}

test("payloads of replies are as the protocol has them", () => {
  assert.equal(show(OK_PAYLOAD), "OK|");
  assert.equal(show(errorPayload("ENOENT")), "ENOENT|");
  assert.equal(show(encodeTexts(["a", "b"])), "a|b|");
  assert.equal(show(encodeTexts([])), "");
  assert.equal(show(encodeWatchEvent({ path: "/a", token: "t" })), "/a|t|");
  assert.equal(show(encodeDirectoryPart({ generation: "7", names: ["a"], isLast: false })), "7|a|");
  assert.equal(show(encodeDirectoryPart({ generation: "7", names: ["a"], isLast: true })), "7|a||");
});

test("permissions, events and parts are read back as they were written", () => {
  fc.assert(
    fc.property(fc.array(anyPermission, { minLength: 1 }), (permissions) => {
      assert.deepEqual(parsePermissions(encodePermissions(permissions)), permissions);
    }),
  );
  fc.assert(
    fc.property(anyText, anyText, (path, token) => {
      assert.deepEqual(parseWatchEvent(encodeWatchEvent({ path, token })), { path, token });
    }),
  );
  const names = fc.array(anyText.filter((name) => name !== ""));
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      names,
      fc.boolean(),
      (generation, names, isLast) => {
        const part = { generation: String(generation), names, isLast };
        assert.deepEqual(parseDirectoryPart(encodeDirectoryPart(part)), part);
      },
    ),
  );
});

test("malformed replies are undefined", () => {
  assert.equal(parsePermissions(bytes("")), undefined);
  assert.equal(parsePermissions(bytes("n0|x|")), undefined);
  assert.equal(parseWatchEvent(bytes("/a|t")), undefined);
  assert.equal(parseDirectoryPart(bytes("")), undefined);
  assert.equal(parseDirectoryPart(bytes("abc|x|")), undefined);
});

test("an error name this library does not know is EINVAL", () => {
  assert.equal(parseErrorName(bytes("EQUOTA|")), "EQUOTA");
  assert.equal(parseErrorName(bytes("ENOENT")), "EINVAL");
  assert.equal(parseErrorName(bytes("EWHAT|")), "EINVAL");
  assert.equal(parseErrorName(bytes("")), "EINVAL");
});

test("a reply's one text loses its nul, if it has one", () => {
  assert.equal(parseText(bytes("OK|")), "OK");
  assert.equal(parseText(bytes("OK")), "OK");
  assert.equal(parseText(bytes("")), "");
});

test("texts end at their nuls, and bytes behind the last are left out", () => {
  assert.deepEqual(splitStrings(bytes("a||b|rest")), ["a", "", "b"]);
  assert.deepEqual(splitStrings(bytes("")), []);
});
