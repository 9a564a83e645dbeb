import assert from "node:assert/strict";
import test from "node:test";
import { type ExchangeProgress, type ExchangeStage, readVersion } from "../../src/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import { hasCode } from "../support/has-code.ts";
import { moved } from "../support/sending.ts";
import { createWorld, type World } from "../support/world.ts";

/** Lets `ms` go by whenever a request lies in XenStore. */
function waitsOut(
  world: World,
  ms: readonly number[],
): (progress: { readonly stage: ExchangeStage }) => void {
  const left = [...ms];
  return ({ stage }) => {
    if (stage === "sent") world.clock.advance(left.shift() ?? 0);
  };
}

test("the version is what the agent says", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "0", message: "2.1.25" }) });
  assert.deepEqual(await readVersion(world.connector, { domid: 5 }), { domid: 5, version: "2.1.25" });
  assert.equal(world.guest.requests[0]?.text, `{"name":"version","value":"agent"}`);
});

test("a guest that still boots is asked again every 30 s under a new id", async (context) => {
  const world = await createWorld(context, {
    answer: () => (world.guest.requests.length < 3 ? "ignore" : { code: "0", message: "3.0.0" }),
  });
  const onProgress = waitsOut(world, [30_000, 30_000]);
  assert.deepEqual(await readVersion(world.connector, { domid: 5, onProgress }), {
    domid: 5,
    version: "3.0.0",
  });
  assert.equal(world.clock.nowMs(), 60_000);
  const ids = world.guest.requests.map(({ id }) => id);
  assert.equal(new Set(ids).size, 3);
});

test("progress tells the whole wait and not that of one call", async (context) => {
  const world = await createWorld(context, {
    answer: () => (world.guest.requests.length < 2 ? "ignore" : { code: "0", message: "3.0.0" }),
  });
  const advance = waitsOut(world, [30_000]);
  const limits: number[] = [];
  const onProgress = (progress: ExchangeProgress): void => {
    limits.push(progress.timeoutMs);
    advance(progress);
  };
  await readVersion(world.connector, { domid: 5, onProgress });
  assert.deepEqual([...new Set(limits)], [300_000]);
});

test("a guest without an agent is given up after 300 s", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const onProgress = waitsOut(
    world,
    Array.from({ length: 20 }, () => 30_000),
  );
  const asked = readVersion(world.connector, { domid: 5, onProgress });
  const words =
    /^No agent answered "version" in domain 5 within 300 s, asked again and again\. Check that the/;
  await assert.rejects(asked, hasCode("GUEST_TIMEOUT", words));
  assert.equal(world.clock.nowMs(), 300_000);
  assert.deepEqual(await world.nodes("data/host"), []);
});

test("an agent that takes the question and never answers is told from none", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const onProgress = ({ stage }: ExchangeProgress): void => {
    if (stage === "taken") world.clock.advance(30_000);
  };
  const asked = readVersion(world.connector, { domid: 5, timeoutMs: 60_000, onProgress });
  const words =
    /^The agent of domain 5 took "version" but did not answer within 60 s, asked again and again\. Look at its log/;
  await assert.rejects(asked, hasCode("GUEST_TIMEOUT", words));
});

test("a limit of 45 s is kept to the second", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const onProgress = waitsOut(world, [30_000, 15_000]);
  const asked = readVersion(world.connector, { domid: 5, timeoutMs: 45_000, onProgress });
  await assert.rejects(asked, hasCode("GUEST_TIMEOUT", /within 45 s/));
  assert.equal(world.clock.nowMs(), 45_000);
});

test("a refusal is not asked again", async (context) => {
  const world = await createWorld(context, {
    answer: () => ({ code: "404", message: "No such agent command" }),
  });
  const asked = readVersion(world.connector, { domid: 5 });
  await assert.rejects(
    asked,
    hasCode("GUEST_REFUSED", /refused "version": No such agent command \(code 404\)/),
  );
  assert.equal(world.guest.requests.length, 1);
});

test("an integer code, at which Nova asks again without end, is understood", async (context) => {
  const raw = `{"returncode": 0, "message": "1.39.1"}`;
  const world = await createWorld(context, { answer: () => ({ raw }) });
  assert.deepEqual(await readVersion(world.connector, { domid: 5 }), { domid: 5, version: "1.39.1" });
});

test("success without a version is a bad reply", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "0", message: "" }) });
  await assert.rejects(readVersion(world.connector, { domid: 5 }), hasCode("GUEST_BAD_REPLY"));
});

test("a guest that is away when one call ends is waited for by the next", async (context) => {
  const world = await createWorld(context);
  const agent = new AgentAnswers();
  const acted: unknown[] = [];
  const acts: (() => unknown)[] = [
    // sent to domain 5
    () => {
      world.clock.advance(29_000);
      return world.endDomain(5);
    },
    // away, with one second left of the first call
    () => world.clock.advance(1000),
    // away, in the second call
    () => world.addDomain(moved),
    // moved to domain 8
    () => world.addGuest(8, agent.answer),
  ];
  const onProgress = (): void => void acted.push(acts.shift()?.());
  const version = await readVersion(world.connector, { domid: 5, onProgress });
  await Promise.all(acted);
  assert.deepEqual(version, { domid: 8, version: "2.1.25" });
  assert.equal(world.clock.nowMs(), 30_000);
  world.assertQuiet();
});

test("a guest that does not come back is not asked for 300 s", async (context) => {
  const world = await createWorld(context);
  const onProgress = ({ stage }: ExchangeProgress): void => {
    if (stage === "sent") void world.endDomain(5);
    if (stage === "away") world.clock.advance(30_000);
  };
  const asked = readVersion(world.connector, { domid: 5, onProgress });
  await assert.rejects(asked, hasCode("GUEST_GONE", /not back after 60 s/));
  assert.equal(world.clock.nowMs(), 60_000);
  world.assertQuiet();
});
