import assert from "node:assert/strict";
import { test } from "node:test";
import {
  passwordProblem,
  passwordStrength,
  type StrengthLevel,
} from "../../src/browser/model/password-strength.ts";

const levels: readonly (readonly [password: string, level: StrengthLevel])[] = [
  ["a", "very weak"],
  ["123456", "very weak"],
  ["password", "very weak"],
  ["P@ssw0rd", "very weak"],
  ["Password123!", "very weak"],
  ["qwertzuiop", "very weak"],
  ["aaaaaaaaaaaaaaaaaaaaaaaa", "very weak"],
  ["Summer2026!", "very weak"],
  ["k7fQz", "very weak"],
  ["k7fQz2w", "weak"],
  ["k7fQz2wXm", "fair"],
  ["k7fQz2wXm9Rt", "strong"],
  ["correct horse battery staple", "strong"],
  ["ßüöä éàê", "fair"],
];

for (const [password, level] of levels) {
  test(`"${password}" is ${level}`, () => {
    assert.equal(passwordStrength(password).level, level);
  });
}

test("what is easily guessed is named, each once", () => {
  assert.deepEqual(passwordStrength("password").reasons, [
    "It has less than 12 characters",
    "Its characters are of one kind",
    "It holds a common word",
  ]);
  assert.deepEqual(passwordStrength("Xy!4321-1999").reasons, [
    "It holds a row of the alphabet, of numbers or of a keyboard",
    "It holds a year",
  ]);
  assert.deepEqual(passwordStrength("ab!ab!ab!ab!").reasons, ["It repeats a few characters"]);
});

test("the server's name is worth nothing, also with signs for its letters", () => {
  const known = ["webshop-7"];
  const { reasons } = passwordStrength("W3bshop-7-k7fQ", known);
  assert.deepEqual(reasons, []);
  const named = passwordStrength("Webshop-7-k7f", known);
  assert.deepEqual(named.reasons, ["It holds a name that everybody sees"]);
  assert.equal(named.level, "very weak");
  assert.equal(passwordStrength("Webshop-7-k7f").level, "strong");
});

test("nothing of a password stands in what is said of it", () => {
  for (const password of ["dragon", "Dragon-4321", "webshop-7!", "qwertz1999", "hallo2026"]) {
    const { reasons } = passwordStrength(password, ["webshop-7"]);
    const said = reasons.join(" ").toLowerCase();
    for (const part of password.toLowerCase().split(/[^a-z0-9]|(?<=[a-z])(?=\d)/u)) {
      if (part.length > 1) assert.equal(said.includes(part), false, `${part} in: ${said}`);
    }
  }
});

test("a strong password has nothing said against it", () => {
  assert.deepEqual(passwordStrength("k7fQz2wXm9RtUuB4").reasons, []);
});

test("what no guest takes is said", () => {
  assert.equal(passwordProblem(""), "Type a password");
  assert.equal(passwordProblem("one\ntwo"), "A password cannot hold a line break");
  assert.equal(passwordProblem("x".repeat(257)), "A guest takes no more than 256 bytes");
  assert.equal(passwordProblem("ü".repeat(129)), "A guest takes no more than 256 bytes");
  assert.equal(passwordProblem("ü".repeat(128)), undefined);
  assert.equal(passwordProblem("it is; rm -rf / \"'"), undefined);
});
