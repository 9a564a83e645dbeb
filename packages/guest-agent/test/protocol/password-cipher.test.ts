import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import * as fc from "fast-check";
import { AgentError } from "../../src/errors.ts";
import { decryptPassword } from "../../src/protocol/password-cipher.ts";
import { Secret } from "../../src/secret.ts";
import { encryptPassword } from "../support/encrypt-password.ts";

const SHARED = "42212498014643735436438456950707";

function decrypt(data: Uint8Array, shared = SHARED): string {
  return Buffer.from(decryptPassword(new Secret(Buffer.from(shared)), data).reveal()).toString();
}

const roundTrip = (plain: string): string => decrypt(encryptPassword({ shared: SHARED, plain }));

function isRefusal(error: unknown): boolean {
  return (
    error instanceof AgentError &&
    error.code === "AGENT_BAD_PAYLOAD" &&
    error.message === "Invalid password data received"
  );
}

const vectors: readonly (readonly [string, string])[] = [
  ["Passw0rd!", "36SsrRz2csiT8ErOtKBNww=="],
  ["exactly15chars", "sSsViv4t0SjI4819E9Vzkg=="],
  ["pässwörd-€", "JzCxEj3PjkdywDgIWHunFQ=="],
];

for (const [password, text] of vectors) {
  test(`the published ciphertext of "${password}" decrypts to it`, () => {
    assert.equal(decrypt(new Uint8Array(Buffer.from(text, "base64"))), password);
  });
}

const anyShared = fc.bigInt({ min: 2n, max: 2n ** 107n }).map(String);
const anyPassword = fc
  .string({ unit: "binary", minLength: 1, maxLength: 60 })
  .filter((text) => !/[\0\r\n]|\p{Surrogate}/u.test(text));

for (const digest of ["md5", "sha256"] as const) {
  test(`any password with the host's line feed decrypts when ${digest} derived the key`, () => {
    fc.assert(
      fc.property(anyShared, anyPassword, (shared, password) => {
        const data = encryptPassword({ shared, plain: `${password}\n`, digest });
        assert.equal(decrypt(data, shared), password);
      }),
    );
  });
}

test("a password without a line feed decrypts when MD5 derived the key, as with the agents before", () => {
  assert.equal(decrypt(encryptPassword({ shared: SHARED, plain: "no line end" })), "no line end");
});

test("a password without a line feed is refused when SHA-256 derived the key", () => {
  const data = encryptPassword({ shared: SHARED, plain: "no line end", digest: "sha256" });
  assert.throws(() => decrypt(data), isRefusal);
});

test("one line end is taken off, and no more", () => {
  assert.equal(roundTrip("secret\r\n"), "secret");
  assert.equal(roundTrip("secret\n\n"), "secret\n");
  assert.equal(roundTrip("\nsecret \n"), "\nsecret ");
});

test("data that both derivations read as a line is refused, not guessed", () => {
  // Found by search: with this number, both ways give whole padding, UTF-8 and a line feed at the end.
  assert.throws(() => decrypt(new Uint8Array(Buffer.from("dOot5yFj3QbVTvCpP/rM5w==", "base64"))), isRefusal);
});

const badPaddings: readonly (readonly [string, readonly number[]])[] = [
  ["zero", [0]],
  ["seventeen", [17]],
  ["two, but only one byte of it", [1, 2]],
  [
    "sixteen with one wrong byte",
    [...Array.from({ length: 8 }, () => 16), 1, ...Array.from({ length: 7 }, () => 16)],
  ],
];

for (const [what, tail] of badPaddings) {
  test(`a padding of ${what} is refused with the constant text`, () => {
    const plain = new Uint8Array(32).fill(0x41);
    plain.set(tail, plain.length - tail.length);
    const data = encryptPassword({ shared: SHARED, plain, isPadded: false });
    assert.throws(() => decrypt(data), isRefusal);
  });
}

test("a text that is not UTF-8 is refused with the constant text", () => {
  for (const plain of [
    [0xff, 0x0a],
    [0xc3, 0x0a],
    [0x41, 0xe2, 0x82],
    [0xed, 0xa0, 0x80, 0x0a],
  ]) {
    const data = encryptPassword({ shared: SHARED, plain: Uint8Array.from(plain) });
    assert.throws(() => decrypt(data), isRefusal);
  }
});

test("data of no or of broken blocks is refused with the constant text", () => {
  for (const length of [0, 1, 15, 17, 31]) assert.throws(() => decrypt(new Uint8Array(length)), isRefusal);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

for (const digest of ["md5", "sha256"] as const) {
  test(
    `what openssl -md ${digest} encrypts decrypts`,
    { skip: !hasOpenssl && "openssl is not there" },
    () => {
      const args = ["enc", "-aes-128-cbc", "-A", "-a", "-nosalt", "-md", digest, "-pass", `pass:${SHARED}`];
      const { stdout } = spawnSync("openssl", args, { input: "pässwörd from the command\n" });
      const data = new Uint8Array(Buffer.from(stdout.toString(), "base64"));
      assert.equal(decrypt(data), "pässwörd from the command");
    },
  );
}
