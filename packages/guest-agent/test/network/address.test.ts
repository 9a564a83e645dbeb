import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  addressOf,
  contains,
  type IpAddress,
  isLinkLocalIpv6,
  isPublic,
  networkOf,
  parseAddress,
  parseDottedMask,
} from "../../src/network/address.ts";

/** The canonical text of an address, or undefined. */
function canonical(text: string): string | undefined {
  return parseAddress(text)?.text;
}

// RFC 5952: 4.1 leading zeros, 4.2.1 shorten as far as possible, 4.2.2 one group is not shortened,
// 4.2.3 the longest run, the first of two, 4.3 lower case, 5 embedded IPv4.
const canonicalTexts = [
  ["2001:0db8::0001", "2001:db8::1"],
  ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:DB8::ABCD", "2001:db8::abcd"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["::FFFF:192.0.2.1", "::ffff:192.0.2.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["198.51.100.10", "198.51.100.10"],
] as const;

for (const [text, wanted] of canonicalTexts) {
  test(`${text} is written as ${wanted}`, () => assert.equal(canonical(text), wanted));
}

const notAddresses = [
  "",
  "1.2.3",
  "1.2.3.4.5",
  "256.0.0.1",
  "010.0.0.1",
  "1.2.3.4 ",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "12345::",
  "::g",
  "fe80::1%eth0",
  "1.2.3.4::",
  "::1.2.3.256",
  "2001:db8::1/64",
];

for (const text of notAddresses) {
  test(`${JSON.stringify(text)} is no address`, () => assert.equal(canonical(text), undefined));
}

test("what is read as an address is what node:net takes for one", () => {
  const pieces = fc.constantFrom(
    "0",
    "1",
    "00",
    "f",
    "ffff",
    "10000",
    "255",
    "256",
    ":",
    "::",
    ".",
    "1.2.3.4",
    "x",
  );
  const almost = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(almost, fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      // Node takes a zone, which is no part of an address here.
      fc.pre(!text.includes("%"));
      assert.equal(parseAddress(text)?.family ?? 0, isIP(text));
    }),
    { numRuns: 2000 },
  );
});

function bytesOf(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length });
}

test("bytes to text and back give the same bytes", () => {
  fc.assert(
    fc.property(fc.oneof(bytesOf(4), bytesOf(16)), (bytes) => {
      assert.deepEqual(parseAddress(addressOf(bytes).text)?.bytes, bytes);
    }),
  );
});

test("a URL spells IPv6 addresses in the same canonical form", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const address = parseAddress(text);
      // The URL standard knows no mixed notation.
      fc.pre(address?.text.includes(".") === false);
      assert.equal(`[${address?.text}]`, new URL(`http://[${text}]/`).hostname);
    }),
  );
});

test("a prefix contains its own network and nothing whose first bits differ", () => {
  const bytes = fc.array(fc.nat(255), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 128 }), fc.nat(127), (raw, prefixLength, bit) => {
      const prefix = { address: addressOf(raw), prefixLength };
      assert.ok(contains(prefix, networkOf(prefix)));
      const flipped = raw.map((byte, index) => (index === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte));
      assert.equal(contains(prefix, addressOf(flipped)), bit >= prefixLength);
    }),
  );
});

test("every mask without a gap is a prefix length, and no other mask is one", () => {
  for (let length = 0; length <= 32; length += 1) {
    const bits = 2 ** 32 - 2 ** (32 - length);
    const mask = [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join(".");
    assert.equal(parseDottedMask(mask), length, mask);
  }
  for (const mask of ["255.0.255.0", "0.255.255.255", "255.255.255.253", "255.255.255", "ffffff00", "24"]) {
    assert.equal(parseDottedMask(mask), undefined, mask);
  }
});

function addressNamed(text: string): IpAddress {
  const address = parseAddress(text);
  assert.ok(address, text);
  return address;
}

test("private, carrier, unique local and link-local addresses are not public", () => {
  for (const text of [
    "10.1.2.3",
    "172.31.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.1.1",
    "fd00::1",
    "fe80::1",
  ]) {
    assert.equal(isPublic(addressNamed(text)), false, text);
  }
  for (const text of ["172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "fec0::1"]) {
    assert.equal(isPublic(addressNamed(text)), true, text);
  }
});

test("link-local is fe80::/10 and nothing of IPv4", () => {
  assert.deepEqual(
    ["fe80::def", "febf::1", "fec0::1", "169.254.0.1"].map((text) => isLinkLocalIpv6(addressNamed(text))),
    [true, true, false, false],
  );
});
