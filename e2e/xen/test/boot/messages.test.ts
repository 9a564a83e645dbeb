import assert from "node:assert/strict";
import test from "node:test";
import { decodeMessage, encodeMessage, type Message } from "../../src/boot/messages.ts";

const failed: Message = {
  kind: "test",
  name: 'the agent answers "version"',
  isPassed: false,
  durationMs: 1234,
  error: "Expected 0\nbut got 1\r\n\tin the guest’s log",
};

const messages: readonly Message[] = [
  failed,
  { ...failed, isPassed: true, error: "" },
  { kind: "measurement", what: "Read of XenStore", figure: "7.42 ms" },
  { kind: "progress", text: "Creating two guests" },
  { kind: "end" },
];

for (const message of messages) {
  const name = message.kind === "test" ? `test that ${message.isPassed ? "passed" : "failed"}` : message.kind;
  test(`a message of kind ${name} is one line, and read back as it was`, () => {
    const line = encodeMessage(message);
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.equal(line.indexOf("\r"), -1);
    assert.deepEqual(decodeMessage(line.slice(0, -1)), message);
  });
}

test("what a program left on the line before a message does no harm", () => {
  const line = `[   12.3] bridge: port entered${encodeMessage(failed)}`;
  assert.deepEqual(decodeMessage(line), failed);
});

test("the carriage return that a terminal adds does no harm", () => {
  assert.deepEqual(decodeMessage(encodeMessage(failed).replace("\n", "\r")), failed);
});

for (const line of ["", "(XEN) Dom0 has maximum 2 VCPUs", '{"kind":"end"}', "@@17 0 d2ViLTEK"]) {
  test(`the line ${JSON.stringify(line)} is no message`, () => {
    assert.equal(decodeMessage(line), undefined);
  });
}

test("a message that lost its end, or has another text in it, is an error that shows the line", () => {
  const line = encodeMessage({ kind: "progress", text: "Saving the guest" }).trimEnd();
  for (const garbled of [line.slice(0, -5), `${line.slice(0, 20)}(XEN) d1${line.slice(20)}"`]) {
    assert.throws(
      () => decodeMessage(garbled),
      (error) => error instanceof Error && error.message === `The console garbled a message: ${garbled}`,
    );
  }
});
