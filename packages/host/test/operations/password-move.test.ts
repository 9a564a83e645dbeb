import assert from "node:assert/strict";
import test from "node:test";
import {
  type ExchangeProgress,
  type HostError,
  type PasswordResult,
  Secret,
  setPassword,
} from "../../src/index.ts";
import { nodeCrypto } from "../../src/node/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import type { Answer } from "../../src/testing/fake-guest.ts";
import { hasCode } from "../support/has-code.ts";
import { move } from "../support/sending.ts";
import { createWorld, type World } from "../support/world.ts";

/** Sets a password in domain 5, acting at stages such as `sent password 5`, each time. */
async function set(
  world: World,
  acts: Readonly<Record<string, () => unknown>>,
  signal?: AbortSignal,
): Promise<PasswordResult> {
  const acted: unknown[] = [];
  const onProgress = ({ stage, command, domid }: ExchangeProgress): void => {
    acted.push(acts[`${stage} ${command} ${domid}`]?.());
  };
  try {
    const password = new Secret(Buffer.from("hunter2"));
    return await setPassword(world.connector, { domid: 5, password, crypto: nodeCrypto, onProgress, signal });
  } finally {
    await Promise.all(acted);
  }
}

/** A guest that takes a password without a word, and does everything else. */
function speechless(): Answer {
  const agent = new AgentAnswers();
  return (request) => (request.name === "password" ? "take" : agent.answer(request));
}

test("a guest that rebooted after the key exchange is given a new one", async (context) => {
  const world = await createWorld(context, { answer: new AgentAnswers().answer });
  const agent = new AgentAnswers();
  const result = await set(world, {
    "answered keyinit 5": async () => {
      await move(world);
      await world.addGuest(8, agent.answer);
    },
  });
  assert.deepEqual(result, { domid: 8 });
  assert.deepEqual(agent.passwords, ["hunter2\n"]);
  world.assertQuiet();
});

test("a password whose answer is lost is set again at once", async (context) => {
  const world = await createWorld(context, { answer: speechless() });
  const agent = new AgentAnswers();
  const result = await set(world, {
    "taken password 5": () => move(world),
    "moved password 8": () => world.addGuest(8, agent.answer),
  });
  assert.deepEqual([result, agent.passwords, world.clock.nowMs()], [{ domid: 8 }, ["hunter2\n"], 0]);
  world.assertQuiet();
});

test("a key that is lost because keyinit was asked twice is exchanged once more", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const agent = new AgentAnswers();
  let refusals = 0;
  const result = await set(world, {
    "taken keyinit 5": () => move(world),
    "moved keyinit 8": () =>
      world.addGuest(8, (request) => {
        if (request.name !== "password" || refusals > 0) return agent.answer(request);
        refusals += 1;
        return { code: "500", message: "Password cannot be decrypted" };
      }),
  });
  assert.deepEqual([result, agent.passwords, refusals], [{ domid: 8 }, ["hunter2\n"], 1]);
});

test("a pair that fails again leaves the outcome unknown, and is not repeated a second time", async (context) => {
  const world = await createWorld(context, { answer: speechless() });
  const agent = new AgentAnswers();
  const names: string[] = [];
  const answer: Answer = (request) => {
    names.push(request.name);
    return request.name === "password" ? { code: "500", message: "No" } : agent.answer(request);
  };
  const setting = set(world, {
    "taken password 5": () => move(world),
    "moved password 8": () => world.addGuest(8, answer),
  });
  const words = /^Domain 8 refused "password": No \(code 500\)\. Whether the password that was sent/;
  await assert.rejects(setting, hasCode("OUTCOME_UNKNOWN", words));
  assert.deepEqual(names, ["keyinit", "password"]);
});

test("a guest that has to boot before the second pair is given 120 s", async (context) => {
  const world = await createWorld(context, { answer: speechless() });
  const setting = set(world, {
    "taken password 5": () => move(world),
    "sent keyinit 8": () => world.clock.advance(120_000),
  });
  await assert.rejects(
    setting,
    hasCode("OUTCOME_UNKNOWN", /^No agent answered "keyinit" in domain 8 within 120 s/),
  );
  world.assertQuiet();
});

test("a password that was taken after the move without an answer may be set, too", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const agent = new AgentAnswers();
  let keyRequests = 0;
  const answer: Answer = (request) => {
    if (request.name === "password") return "take";
    keyRequests += 1;
    return keyRequests === 1 ? agent.answer(request) : "take";
  };
  let sentKeyRequests = 0;
  const setting = set(world, {
    "taken keyinit 5": () => move(world),
    "moved keyinit 8": () => world.addGuest(8, answer),
    "taken password 8": () => world.clock.advance(30_000),
    "sent keyinit 8": () => {
      sentKeyRequests += 1;
      if (sentKeyRequests === 2) return world.clock.advance(120_000);
      return undefined;
    },
  });
  await assert.rejects(setting, (error) => {
    assert.ok(hasCode("OUTCOME_UNKNOWN", /Whether the password that was sent before is set is not/)(error));
    assert.equal((error as HostError).facts.command, "password");
    return true;
  });
  world.assertQuiet();
});

test("giving up during the second pair tells that the password may be set", async (context) => {
  const world = await createWorld(context, { answer: speechless() });
  const controller = new AbortController();
  const acts = { "taken password 5": () => move(world), "sent keyinit 8": () => controller.abort() };
  const setting = set(world, acts, controller.signal);
  await assert.rejects(setting, hasCode("CANCELLED", /Whether the password that was sent before is set/));
  world.assertQuiet();
});

test("a guest that does not come back ends the setting", async (context) => {
  const world = await createWorld(context, { answer: speechless() });
  const setting = set(world, {
    "taken password 5": () => world.endDomain(5),
    "away password 5": () => world.clock.advance(30_000),
  });
  await assert.rejects(setting, hasCode("GUEST_GONE", /whether it was carried out is not known/));
  world.assertQuiet();
});
