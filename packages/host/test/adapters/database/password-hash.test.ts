import assert from "node:assert/strict";
import test from "node:test";
import { hashPassword, isPassword } from "../../../src/adapters/database/password-hash.ts";

test("a password is kept as scrypt with its parameters, never twice as the same text", async () => {
  const texts = await Promise.all([hashPassword("pässwörd"), hashPassword("pässwörd")]);
  assert.notEqual(texts[0], texts[1]);
  for (const text of texts) {
    assert.match(text, /^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/);
    assert.equal(await isPassword("pässwörd", text), true);
    assert.equal(await isPassword("passwörd", text), false);
  }
});

test("the parameters of the text are used, also those of others", async () => {
  // RFC 7914, section 12: scrypt ("pleaseletmein", "SodiumChloride", 16384, 8, 1), its first 32 bytes.
  const hash = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
  const salt = Buffer.from("SodiumChloride").toString("base64");
  const text = `$scrypt$ln=14,r=8,p=1$${salt}$${hash.toString("base64")}`;
  assert.equal(await isPassword("pleaseletmein", text), true);
  assert.equal(await isPassword("pleaseletmeout", text), false);
});

test("no password is that of a user who is not there", async () => {
  assert.equal(await isPassword("", undefined), false);
  assert.equal(await isPassword("undefined", undefined), false);
});

test("a text in another form is an error, not a wrong password", async () => {
  await assert.rejects(isPassword("any", "5f4dcc3b5aa765d61d8327deb882cf99"), /not in the form/);
});
