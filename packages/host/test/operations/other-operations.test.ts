import assert from "node:assert/strict";
import test from "node:test";
import { injectFile, readFeatures, resetNetwork, sendRequest } from "../../src/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import { hasCode } from "../support/has-code.ts";
import { createWorld } from "../support/world.ts";

const motd = { path: "/etc/motd", content: Buffer.from("Hi, all\n") };

test("features are a list", async (context) => {
  const agent = new AgentAnswers("version,features,injectfile");
  const world = await createWorld(context, { answer: agent.answer });
  const result = await readFeatures(world.connector, { domid: 5 });
  assert.deepEqual(result, { domid: 5, features: ["version", "features", "injectfile"] });
});

for (const command of ["file_inject", "injectfile"] as const) {
  test(`a file arrives by ${command} where the agent offers it`, async (context) => {
    const agent = new AgentAnswers(`features,${command}`);
    const world = await createWorld(context, { answer: agent.answer });
    const result = await injectFile(world.connector, { domid: 5, file: motd });
    assert.deepEqual(result, { domid: 5, path: "/etc/motd", bytes: 8, command });
    assert.deepEqual(agent.files, [motd]);
    assert.deepEqual(
      world.guest.requests.map(({ name }) => name),
      ["features", command],
    );
  });
}

test("a relative path is refused before the guest is asked", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const inject = injectFile(world.connector, { domid: 5, file: { ...motd, path: "motd" } });
  await assert.rejects(inject, hasCode("BAD_ARGUMENT"));
  assert.deepEqual(world.guest.requests, []);
});

test("a network reset answered with 0 is confirmed", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "0", message: "" }) });
  const result = await resetNetwork(world.connector, { domid: 5 });
  assert.deepEqual(result, { domid: 5, isConfirmed: true, message: "" });
  assert.equal(world.guest.requests[0]?.text, `{"name":"resetnetwork","value":""}`);
});

test("a network reset answered with 500, as old agents do, is done but not confirmed", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "500", message: "restarted" }) });
  const result = await resetNetwork(world.connector, { domid: 5 });
  assert.deepEqual(result, { domid: 5, isConfirmed: false, message: "restarted" });
});

test("a network reset answered with 1 has failed", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "1", message: "Taken back: no link" }) });
  await assert.rejects(
    resetNetwork(world.connector, { domid: 5 }),
    hasCode("GUEST_REFUSED", /Taken back: no link/),
  );
});

test("a network reset is given 60 s", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const onProgress = ({ stage }: { readonly stage: string }): void => {
    if (stage === "sent") world.clock.advance(60_000);
  };
  await assert.rejects(
    resetNetwork(world.connector, { domid: 5, onProgress }),
    hasCode("GUEST_TIMEOUT", /60 s/),
  );
});

test("a raw request returns the reply also when it says no", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "404", message: "unknown" }) });
  const result = await sendRequest(world.connector, { domid: 5, request: { name: "dance", value: [1, 2] } });
  assert.deepEqual(result, {
    domid: 5,
    returncode: "404",
    message: "unknown",
    isIntegerCode: false,
    isDone: false,
  });
  assert.equal(world.guest.requests[0]?.text, `{"name":"dance","value":[1,2]}`);
});

for (const timeoutMs of [0, -1, Number.NaN, 86_400_001]) {
  test(`a wait of ${timeoutMs} ms makes no sense`, async (context) => {
    const world = await createWorld(context, { answer: () => "ignore" });
    await assert.rejects(readFeatures(world.connector, { domid: 5, timeoutMs }), hasCode("BAD_ARGUMENT"));
    assert.deepEqual(world.guest.requests, []);
  });
}
