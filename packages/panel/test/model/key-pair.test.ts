import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keyFileName,
  keyNameProblem,
  kindOfKey,
  publicKeyProblem,
} from "../../src/browser/model/key-pair.ts";

const DATA = "AAAAC3NzaC1lZDI1NTE5AAAAIBmTZlqTSPw0Yf1ZtcuSb0dQ0N4Yt0vCzVvGmBQ8hqfX";

const kindOf = (kind: string): string => kindOfKey({ public_key: `${kind} ${DATA}` });

test("a public key is taken with and without a comment", () => {
  assert.equal(publicKeyProblem(`ssh-ed25519 ${DATA}`), undefined);
  assert.equal(publicKeyProblem(`  ssh-ed25519 ${DATA} ann@laptop of hers\n`), undefined);
});

test("what is no public key is told by what is wrong with it", () => {
  assert.equal(publicKeyProblem(" "), "Paste a public key");
  assert.equal(publicKeyProblem(`ssh-ed25519 ${DATA}\nssh-ed25519 ${DATA}`), "A public key is one line");
  assert.match(publicKeyProblem(`ssh-dss ${DATA}`) ?? "", /begins with its kind/u);
  assert.match(publicKeyProblem(`ssh-ed25519 ${DATA.slice(0, 20)}`) ?? "", /not whole/u);
  assert.match(publicKeyProblem(`ssh-rsa ${"A".repeat(20_000)}`) ?? "", /No more than/u);
});

test("a private key is refused with a warning", () => {
  const text =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----";
  assert.match(publicKeyProblem(text) ?? "", /private half/u);
});

test("a name is checked as the service does, and against those that are taken", () => {
  assert.equal(keyNameProblem("laptop of ann", ["other"]), undefined);
  assert.equal(keyNameProblem("", []), "Type a name");
  assert.equal(keyNameProblem(" a", []), "A name has no space at either end");
  assert.equal(keyNameProblem("a\tb", []), "A name has no control characters");
  assert.equal(keyNameProblem("a".repeat(256), []), "No more than 255 characters");
  assert.equal(keyNameProblem("a", ["a"]), "You have a key pair of this name");
});

test("the file of a private key has a name that every system takes", () => {
  assert.equal(keyFileName("laptop"), "laptop.pem");
  assert.equal(keyFileName("../etc/pass wd"), "etc-pass-wd.pem");
  assert.equal(keyFileName("schlüssel"), "schl-ssel.pem");
  assert.equal(keyFileName("..."), "key.pem");
});

test("a key's kind is called by its usual name", () => {
  assert.equal(kindOf("ssh-rsa"), "RSA");
  assert.equal(kindOf("ecdsa-sha2-nistp256"), "ECDSA");
  assert.equal(kindOf("sk-ssh-ed25519@openssh.com"), "Ed25519 on a security key");
  assert.equal(kindOf("something"), "something");
});
