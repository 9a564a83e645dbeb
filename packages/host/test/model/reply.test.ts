import assert from "node:assert/strict";
import test from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { isEmptyReply, parseReply } from "../../src/model/reply.ts";
import { hasCode } from "../support/has-code.ts";

const context = { domid: 5, command: "version" };

/** Replies as agents in the field send them, and what they mean. */
const replies = [
  ["of the Python agent", `{"message": "2.1.25", "returncode": "0"}`, "0", "2.1.25", false],
  [
    "of the Windows agent, compact with a line break",
    `{"returncode":"0","message":"1.0\\r\\n"}`,
    "0",
    "1.0",
    false,
  ],
  [
    "with the line break as four characters",
    `{"returncode":"1","message":"No element.\\\\r\\\\n"}`,
    "1",
    "No element.",
    false,
  ],
  ["with several lines", `{"returncode":"1","message":"a\\r\\nb\\r\\n"}`, "1", "a\nb", false],
  ["with an integer code", `{"message": "No keys", "returncode": 500}`, "500", "No keys", true],
  ["without a message", `{"returncode": "0"}`, "0", "", false],
  ["with a null message", `{"returncode": "0", "message": null}`, "0", "", false],
  ["with blanks around it", ` {"returncode": " 0 ", "message": " 3.0.0\\n"}\n`, "0", "3.0.0", false],
  ["with a closing NUL", `{"returncode": "0", "message": ""}\0`, "0", "", false],
  ["with more fields", `{"returncode": "0", "message": "", "more": {}}`, "0", "", false],
] as const;

for (const [name, text, returncode, message, isIntegerCode] of replies) {
  test(`a reply ${name} is understood`, () => {
    assert.deepEqual(parseReply(encodeUtf8(text), context), { returncode, message, isIntegerCode });
  });
}

const garbage = [
  ["no JSON", "None"],
  ["half an object", `{"returncode": "0"`],
  ["a text", `"0"`],
  ["a list", `["0", ""]`],
  ["null", "null"],
  ["an object without a code", `{"message": "2.1.25"}`],
  ["a code that is a fraction", `{"returncode": 0.5, "message": ""}`],
  ["a code that is a truth value", `{"returncode": true, "message": ""}`],
  ["a message that is a number", `{"returncode": "D0", "message": 12}`],
] as const;

for (const [name, text] of garbage) {
  test(`a reply that is ${name} is no reply of the protocol`, () => {
    assert.throws(
      () => parseReply(encodeUtf8(text), context),
      hasCode("GUEST_BAD_REPLY", /^Domain 5 answered "version"/),
    );
  });
}

test("bytes that are not UTF-8 are no reply", () => {
  assert.throws(() => parseReply(Uint8Array.of(0xff, 0xfe), context), hasCode("GUEST_BAD_REPLY", /ÿþ/));
});

test("a long reply that is not understood is shown cut and in one line", () => {
  const long = encodeUtf8(`line\n${"x".repeat(1000)}`);
  assert.throws(() => parseReply(long, context), hasCode("GUEST_BAD_REPLY", /"line\\nx{115}…"/));
});

test("an empty node is no reply yet", () => {
  assert.equal(isEmptyReply(new Uint8Array()), true);
  assert.equal(isEmptyReply(encodeUtf8("{")), false);
});
