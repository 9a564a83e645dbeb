import assert from "node:assert/strict";
import test from "node:test";
import { type ExchangeStage, Secret, sendRequest, setPassword } from "../../src/index.ts";
import { nodeCrypto } from "../../src/node/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import type { Answer, FakeAnswer } from "../../src/testing/fake-guest.ts";
import { hasCode } from "../support/has-code.ts";
import { createWorld } from "../support/world.ts";

const secretOf = (text: string): Secret => new Secret(Buffer.from(text));

test("the guest receives the password with a newline, and the host forgets it", async (context) => {
  const agent = new AgentAnswers();
  const world = await createWorld(context, { answer: agent.answer });
  const password = secretOf("pässwörd-€");
  assert.deepEqual(await setPassword(world.connector, { domid: 5, password, crypto: nodeCrypto }), {
    domid: 5,
  });
  assert.deepEqual(agent.passwords, ["pässwörd-€\n"]);
  assert.equal(
    password.reveal().every((byte) => byte === 0),
    true,
  );
});

test("the host's number is sent as text, and the password never in the clear", async (context) => {
  const agent = new AgentAnswers();
  const world = await createWorld(context, { answer: agent.answer });
  await setPassword(world.connector, { domid: 5, password: secretOf("hunter2-hunter2"), crypto: nodeCrypto });
  const [keyinit, password] = world.guest.requests;
  assert.match(keyinit?.text ?? "", /^\{"name":"keyinit","value":"\d{20,33}"\}$/);
  assert.match(password?.text ?? "", /^\{"name":"password","value":"[A-Za-z0-9+/]{43}="\}$/);
});

test("two passwords at once are set one after the other", async (context) => {
  const agent = new AgentAnswers();
  const world = await createWorld(context, { answer: agent.answer });
  const set = (text: string): Promise<unknown> =>
    setPassword(world.connector, { domid: 5, password: secretOf(text), crypto: nodeCrypto });
  await Promise.all([
    set("first"),
    set("second"),
    sendRequest(world.connector, { domid: 5, request: { name: "version", value: "" } }),
  ]);
  assert.deepEqual(agent.passwords, ["first\n", "second\n"]);
  const names = world.guest.requests.map(({ name }) => name);
  assert.deepEqual(names, ["keyinit", "password", "keyinit", "password", "version"]);
});

test("passwords of two guests do not wait for each other", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const agent = new AgentAnswers();
  await world.addDomain({ domid: 6 });
  await world.addGuest(6, agent.answer);
  const controller = new AbortController();
  const onProgress = ({ stage }: { readonly stage: ExchangeStage }): void => {
    if (stage !== "sent") return;
    void setPassword(world.connector, { domid: 6, password: secretOf("other"), crypto: nodeCrypto }).finally(
      () => controller.abort(),
    );
  };
  const call = {
    domid: 5,
    password: secretOf("held"),
    crypto: nodeCrypto,
    onProgress,
    signal: controller.signal,
  };
  await assert.rejects(setPassword(world.connector, call), hasCode("CANCELLED"));
  assert.deepEqual(agent.passwords, ["other\n"]);
});

test("a guest's number that would give the key away stops before the password", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "D0", message: "1" }) });
  const password = secretOf("hunter2");
  const set = setPassword(world.connector, { domid: 5, password, crypto: nodeCrypto });
  await assert.rejects(set, hasCode("GUEST_BAD_REPLY", /no password was sent/));
  assert.equal(world.guest.requests.length, 1);
  assert.equal(
    password.reveal().every((byte) => byte === 0),
    true,
  );
});

test("the guest's reason for a refusal is passed on", async (context) => {
  const agent = new AgentAnswers();
  const world = await createWorld(context, {
    answer: (request) =>
      request.name === "password"
        ? { code: "500", message: "Invalid password data received" }
        : agent.answer(request),
  });
  const set = setPassword(world.connector, { domid: 5, password: secretOf("x"), crypto: nodeCrypto });
  await assert.rejects(
    set,
    hasCode("GUEST_REFUSED", /"password": Invalid password data received \(code 500\)/),
  );
});

const unusable = [
  ["an empty password", "", /is empty/],
  ["a line break", "a\nb", /line break/],
  ["a carriage return", "a\rb", /line break/],
  ["a NUL", "a\0b", /NUL/],
  ["257 bytes", "x".repeat(257), /more than 256 bytes/],
  ["Latin-1", Buffer.from("caf\xe9", "latin1"), /is not UTF-8/],
] as const;

for (const [name, text, words] of unusable) {
  test(`${name} is refused before anything is sent, and wiped`, async (context) => {
    const world = await createWorld(context, { answer: () => "ignore" });
    const password = typeof text === "string" ? secretOf(text) : new Secret(Uint8Array.from(text));
    const set = setPassword(world.connector, { domid: 5, password, crypto: nodeCrypto });
    await assert.rejects(set, hasCode("BAD_ARGUMENT", words));
    assert.deepEqual(world.guest.requests, []);
    assert.equal(
      password.reveal().every((byte) => byte === 0),
      true,
    );
  });
}

/** An agent that is started anew before its answer to the first password is out; it has set it or not. */
function forgetfulAgent({ later }: { readonly later?: FakeAnswer } = {}): {
  readonly agent: AgentAnswers;
  readonly answer: Answer;
} {
  const agent = new AgentAnswers();
  let passwords = 0;
  const answer: Answer = (request) => {
    const given = agent.answer(request);
    if (request.name !== "password") return given;
    passwords += 1;
    if (passwords === 1) return { code: "500", message: "Password without key exchange" };
    return later ?? given;
  };
  return { agent, answer };
}

test("an agent that has lost the key is given the pair once more", async (context) => {
  const { agent, answer } = forgetfulAgent();
  const world = await createWorld(context, { answer });
  await setPassword(world.connector, { domid: 5, password: secretOf("hunter2"), crypto: nodeCrypto });
  assert.deepEqual(agent.passwords, ["hunter2\n", "hunter2\n"]);
});

test("whether the password is set is not known when the pair after a lost key is refused", async (context) => {
  const { answer } = forgetfulAgent({ later: { code: "500", message: "Disk full" } });
  const world = await createWorld(context, { answer });
  const call = { domid: 5, password: secretOf("hunter2"), crypto: nodeCrypto };
  await assert.rejects(setPassword(world.connector, call), hasCode("OUTCOME_UNKNOWN"));
});
