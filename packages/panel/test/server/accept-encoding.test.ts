import assert from "node:assert/strict";
import test from "node:test";
import { chooseCoding, type Coding } from "../../src/server/accept-encoding.ts";

const all: ReadonlySet<Coding> = new Set(["identity", "gzip", "br"] as const);

const table: readonly (readonly [header: string | null, chosen: Coding])[] = [
  [null, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["x-gzip", "gzip"],
  ["BR", "br"],
  ["br;q=0.5, gzip;q=0.8", "gzip"],
  ["br; q=0, gzip; q=0.001", "gzip"],
  ["br;q=0", "identity"],
  ["*", "br"],
  ["*;q=0.1, br;q=0", "gzip"],
  ["identity, gzip;q=0.5", "identity"],
  ["identity;q=0.5, *;q=0", "identity"],
  ["identity;q=0, *;q=0", "identity"],
  ["br;q=nonsense, gzip", "gzip"],
  ["br;q=7", "identity"],
];

for (const [header, chosen] of table) {
  test(`of Accept-Encoding ${JSON.stringify(header)} comes ${chosen}`, () => {
    assert.equal(chooseCoding(header, all), chosen);
  });
}

test("what is not at hand is not chosen", () => {
  assert.equal(chooseCoding("br, gzip;q=0.1", new Set(["identity", "gzip"] as const)), "gzip");
  assert.equal(chooseCoding("br", new Set(["identity"] as const)), "identity");
});
