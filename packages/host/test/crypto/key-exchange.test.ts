import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import * as fc from "fast-check";
import {
  encryptPassword,
  parsePublicNumber,
  privateKeyFrom,
  publicNumber,
} from "../../src/crypto/key-exchange.ts";
import { Secret } from "../../src/index.ts";
import { nodeCrypto } from "../../src/node/index.ts";
import { decrypt, power } from "../../src/testing/agent-answers.ts";
import { hasCode } from "../support/has-code.ts";

// Made with independent code and checked with `openssl enc -aes-128-cbc -md md5 -nosalt -A -a -pass pass:S`.
const hostKey = privateKeyFrom(Buffer.from("0123456789abcdef0123", "hex"));
const guestNumber = 10213771857304028832860390748511n;
const vectors = [
  ["Passw0rd!", "36SsrRz2csiT8ErOtKBNww=="],
  ["exactly15chars", "sSsViv4t0SjI4819E9Vzkg=="],
  ["pässwörd-€", "JzCxEj3PjkdywDgIWHunFQ=="],
] as const;

test("the public number of a known private key is that of the vector", () => {
  assert.equal(hostKey, 5373003642731685151011n);
  assert.equal(publicNumber(hostKey), "128492706489454800633959484585958");
});

for (const [password, ciphertext] of vectors) {
  test(`"${password}" is encrypted as in the vector`, () => {
    const secret = new Secret(Buffer.from(password));
    assert.equal(
      encryptPassword({ privateKey: hostKey, guestNumber, password: secret, crypto: nodeCrypto }),
      ciphertext,
    );
  });
}

test("whatever the keys and the password, the guest reads it with a newline", () => {
  const keys = fc.bigInt({ min: 2n ** 64n, max: 2n ** 128n });
  const passwords = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(keys, keys, passwords, (host, guest, password) => {
      const shared = String(power(BigInt(publicNumber(host)), guest));
      const ciphertext = encryptPassword({
        privateKey: host,
        guestNumber: power(5n, guest),
        password: new Secret(Buffer.from(password)),
        crypto: nodeCrypto,
      });
      assert.equal(decrypt(shared, ciphertext), `${password}\n`);
    }),
  );
});

test("random bytes become the private key, most significant first", () => {
  const bytes = randomBytes(16);
  assert.equal(privateKeyFrom(bytes), BigInt(`0x${bytes.toString("hex")}`));
});

const prime = 162259276829213363391578010288127n;

for (const number of [2n, 3n, guestNumber, prime - 2n]) {
  test(`${number} is a public number`, () => {
    assert.equal(parsePublicNumber(String(number), 5), number);
  });
}

for (const text of [
  "0",
  "1",
  `${prime - 1n}`,
  `${prime}`,
  `${prime + 2n}`,
  "",
  "-5",
  "0x10",
  "5.0",
  "1".repeat(65),
  "abc",
]) {
  test(`"${text}" is refused as public number`, () => {
    assert.throws(() => parsePublicNumber(text, 5), hasCode("GUEST_BAD_REPLY", /no password was sent/));
  });
}
