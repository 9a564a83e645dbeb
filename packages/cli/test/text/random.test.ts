import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { randomGuid, randomNumber } from "../../src/text/random.ts";

/** A source that gives these bytes, one after the other. */
function sourceOf(bytes: readonly number[]) {
  const left = [...bytes];
  return {
    left,
    randomBytes: (count: number) => Uint8Array.from(left.splice(0, count)),
  };
}

test("a random number is the rest of a byte below the last whole multiple; others are thrown away", () => {
  const source = sourceOf([255, 224, 57, 0]);
  assert.equal(randomNumber(56, source), 1);
  assert.deepEqual(source.left, [0]);
});

test("every number below the limit comes as often as any other", () => {
  const counts = Array.from({ length: 56 }, () => 0);
  for (let byte = 0; byte < 224; byte += 1) {
    const number = randomNumber(56, sourceOf([byte]));
    counts[number] = (counts[number] ?? 0) + 1;
  }
  assert.deepEqual(new Set(counts), new Set([4]));
});

test("a random GUID is of version 4 and holds the bytes that came", () => {
  const bytes = Array.from({ length: 16 }, (_, index) => index * 17);
  assert.equal(randomGuid(sourceOf(bytes)), "00112233-4455-4677-8899-aabbccddeeff");
  assert.match(
    randomGuid({ randomBytes }),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
