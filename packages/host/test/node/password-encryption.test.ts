import assert from "node:assert/strict";
import test from "node:test";
import { nodePasswordEncryption } from "../../src/node/index.ts";
import { rsaKey } from "../support/rsa-key.ts";

const password = Buffer.from("pässword 1");
const encrypt = (text: Uint8Array, key: string) => nodePasswordEncryption.encrypt(text, key);

test("whoever has the private key reads the password, and it is never encrypted alike", () => {
  const { publicKey, decrypt } = rsaKey();
  const [first = "", second = ""] = [1, 2].map(() => encrypt(password, publicKey));
  assert.deepEqual([decrypt(first), decrypt(second)], ["pässword 1", "pässword 1"]);
  assert.notEqual(first, second);
});

test("a key of another kind, one that is cut, and a password longer than the key give nothing", () => {
  const { publicKey } = rsaKey();
  assert.equal(encrypt(password, "ssh-ed25519 AAAA alice"), undefined);
  assert.equal(encrypt(password, publicKey.slice(0, 40)), undefined);
  assert.equal(encrypt(password, "ssh-rsa"), undefined);
  assert.equal(encrypt(new Uint8Array(118), publicKey), undefined);
  assert.notEqual(encrypt(new Uint8Array(117), publicKey), undefined);
});
