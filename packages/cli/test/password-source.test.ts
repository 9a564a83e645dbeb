import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import test from "node:test";
import { firstLine, generatePassword } from "../src/password-source.ts";

test("a made password has 20 characters that do not look alike", () => {
  for (let count = 0; count < 100; count += 1) {
    const text = Buffer.from(generatePassword(randomInt)).toString();
    assert.match(text, /^[A-HJ-NP-Za-km-z2-9]{20}$/);
    assert.doesNotMatch(text, /[IlO01o]/);
  }
});

test("every character comes from the source of chance", () => {
  const picks = Array.from({ length: 20 }, (_pick, index) => index);
  const left = [...picks];
  assert.equal(Buffer.from(generatePassword(() => left.shift() ?? 0)).toString(), "ABCDEFGHJKLMNPQRSTUV");
  assert.deepEqual(left, []);
});

for (const [name, input, expected] of [
  ["a line feed", "secret\nmore\n", "secret"],
  ["a carriage return", "secret\r\n", "secret"],
  ["the end", "secret", "secret"],
  ["nothing", "", ""],
] as const) {
  test(`the first line ends at ${name}, and the input is wiped`, () => {
    const bytes = Buffer.from(input);
    assert.equal(Buffer.from(firstLine(bytes)).toString(), expected);
    assert.equal(
      bytes.every((byte) => byte === 0),
      true,
    );
  });
}
