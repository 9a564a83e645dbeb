import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AgentError } from "../../src/errors.ts";
import { REPLY_MAX_BYTES } from "../../src/limits.ts";
import { encodeReply, type Reply, refusalReply } from "../../src/protocol/reply.ts";

function decode(bytes: Uint8Array): Reply {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Reply;
}

test("a reply is a JSON object of two strings, in UTF-8 without escapes", () => {
  const bytes = encodeReply({ returncode: "0", message: "déjà vu" });
  assert.equal(Buffer.from(bytes).toString(), '{"returncode":"0","message":"déjà vu"}');
});

test("a reply of exactly 1,900 bytes is left whole, one more is cut", () => {
  const room = REPLY_MAX_BYTES - encodeReply({ returncode: "500", message: "" }).length;
  const whole = { returncode: "500", message: "x".repeat(room) };
  assert.deepEqual(decode(encodeReply(whole)), whole);
  assert.equal(encodeReply(whole).length, 1900);
  const cut = encodeReply({ returncode: "500", message: "x".repeat(room + 1) });
  assert.deepEqual(decode(cut), { returncode: "500", message: `${"x".repeat(room - 3)}...` });
});

test("a cut message is a beginning of the whole and uses the room up to one character", () => {
  const unit = fc.oneof(
    fc.constantFrom('"', "\\", "\n", "\0", "é", "€", "😀", "\ud800", "\udc00"),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(unit, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 800 }),
      (units, times) => {
        const message = units.join("").repeat(times);
        const bytes = encodeReply({ returncode: "500", message });
        const told = decode(bytes).message;
        assert.ok(bytes.length <= REPLY_MAX_BYTES);
        if (told === message) return;
        assert.ok(told.endsWith("..."));
        assert.ok(message.startsWith(told.slice(0, -3)));
        assert.ok(bytes.length > REPLY_MAX_BYTES - 6, String(bytes.length));
      },
    ),
  );
});

test("a refusal's code is 404 for an unknown command and 500 for all others", () => {
  assert.equal(refusalReply(new AgentError("AGENT_NO_COMMAND", "x")).returncode, "404");
  assert.equal(refusalReply(new AgentError("AGENT_BAD_PAYLOAD", "x")).returncode, "500");
  assert.equal(refusalReply(new AgentError("AGENT_UNSUPPORTED", "x")).returncode, "500");
});

test("an exception of any kind becomes 500 with its message", () => {
  assert.deepEqual(refusalReply(new TypeError("Broken")), { returncode: "500", message: "Broken" });
  assert.deepEqual(refusalReply("thrown text"), { returncode: "500", message: "thrown text" });
});
