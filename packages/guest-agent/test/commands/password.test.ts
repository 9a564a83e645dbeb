import assert from "node:assert/strict";
import { test } from "node:test";
import { keyinit } from "../../src/commands/keyinit.ts";
import { password } from "../../src/commands/password.ts";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { AgentError } from "../../src/errors.ts";
import type { Plan } from "../../src/plan.ts";
import { PRIME } from "../../src/protocol/key-exchange.ts";
import type { RequestValue } from "../../src/protocol/request.ts";
import { Secret } from "../../src/secret.ts";
import { encryptPassword } from "../support/encrypt-password.ts";
import { createGuest } from "../support/guest.ts";
import { hostPower } from "../support/host-power.ts";

const SHARED = "42212498014643735436438456950707";

function decide(value: RequestValue): Promise<Plan> {
  return password.decide(value, createGuest({ exchange: new Secret(Buffer.from(SHARED)) }));
}

const encrypted = (plain: string): string =>
  Buffer.from(encryptPassword({ shared: SHARED, plain })).toString("base64");

async function refusal(promise: Promise<Plan>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AgentError && error.code === "AGENT_BAD_PAYLOAD", String(error));
  return error.message;
}

test("password plans to set root's password and to end the exchange", async () => {
  const plan = await decide(encrypted("geheim-€\n"));
  const [step] = plan.steps;
  assert.ok(step?.step === "setPassword" && plan.steps.length === 1);
  assert.equal(step.user, "root");
  assert.equal(Buffer.from(step.password.reveal()).toString(), "geheim-€");
  assert.deepEqual(plan.exchange, { kind: "end" });
  assert.deepEqual(plan.reply, { returncode: "0", message: "" });
  assert.equal(password.failureCode, "500");
});

test("password takes base64 with a line end", async () => {
  const plan = await decide(`${encrypted("geheim\n")}\n`);
  assert.equal(plan.steps.length, 1);
});

test("password without an exchange is refused, whatever its value", async () => {
  for (const value of [encrypted("x\n"), "*", undefined] as const) {
    assert.equal(await refusal(password.decide(value, createGuest())), "Password without key exchange");
  }
});

test("password refuses what is no base64 text", async () => {
  for (const value of ["*", "YWI", undefined, null, 5, {}] as const) {
    assert.equal(await refusal(decide(value)), "Couldn't decode base64 data");
  }
});

test("password refuses what the exchange cannot decrypt", async () => {
  for (const value of ["", "YWI=", Buffer.alloc(16).toString("base64")]) {
    assert.equal(await refusal(decide(value)), "Invalid password data received");
  }
});

const forbidden = [
  ["nul\0secret\n", "Password must not contain a NUL byte"],
  ["cr\rsecret\n", "Password must not contain a carriage return"],
  ["lf\nsecret\n", "Password must not contain a line feed"],
  ["two line ends\n\n", "Password must not contain a line feed"],
  ["\n", "Password must not be empty"],
  ["\r\n", "Password must not be empty"],
  ["", "Password must not be empty"],
] as const;

for (const [plain, message] of forbidden) {
  test(`the password ${JSON.stringify(plain)} is refused by name: ${message}`, async () => {
    assert.equal(await refusal(decide(encrypted(plain))), message);
  });
}

test("a password may have 256 bytes of UTF-8, and a longer one is refused with its length", async () => {
  const longest = "\u20ac".repeat(85) + "a";
  const plan = await decide(encrypted(`${longest}\n`));
  const [step] = plan.steps;
  assert.ok(step?.step === "setPassword");
  assert.equal(Buffer.from(step.password.reveal()).toString(), longest);
  const message = "Password must not be longer than 256 bytes, this one has 257";
  assert.equal(await refusal(decide(encrypted(`${longest}b\n`))), message);
});

test("the password is that of the user whom the configuration names", async () => {
  const config = { ...DEFAULT_CONFIG, passwordUser: "admin" };
  const exchange = new Secret(Buffer.from(SHARED));
  const plan = await password.decide(encrypted("geheim\n"), createGuest({ exchange, config }));
  assert.ok(plan.steps[0]?.step === "setPassword");
  assert.equal(plan.steps[0].user, "admin");
});

test("a failure of password counts against the exchange, one of keyinit does not", () => {
  assert.equal(password.usesExchange, true);
  assert.equal(keyinit.usesExchange, false);
});

test("keyinit answers D0 and its public key, and starts the exchange both sides share", async () => {
  // With the host's private key a, its public key is 5^a, and the shared number is the guest's key to the a.
  const a = 5373003642731685151011n;
  for (const value of [hostPower(5n, a).toString(), `${hostPower(5n, a)}\n`, 7] as const) {
    const plan = await keyinit.decide(value, createGuest());
    assert.deepEqual(plan.steps, []);
    assert.equal(plan.reply.returncode, "D0");
    assert.match(plan.reply.message, /^\d+$/);
    assert.ok(plan.exchange?.kind === "start");
    if (value === 7) continue;
    const shared = Buffer.from(plan.exchange.secret.reveal()).toString();
    assert.equal(shared, hostPower(BigInt(plan.reply.message), a).toString());
  }
});

test("keyinit takes fresh random bytes every time", async () => {
  const guest = createGuest();
  const first = await keyinit.decide("5", guest);
  const second = await keyinit.decide("5", guest);
  assert.notEqual(first.reply.message, second.reply.message);
});

test("keyinit refuses a key that gives the shared number away", async () => {
  for (const key of ["0", "1", String(PRIME - 1n), String(PRIME), "", "x"]) {
    const message = await refusal(keyinit.decide(key, createGuest()));
    assert.equal(message, "Public key must be a decimal number from 2 to the prime minus 2");
  }
});
