import assert from "node:assert/strict";
import test from "node:test";
import { type HostError } from "../src/index.ts";
import { hasCode } from "./support/has-code.ts";
import { becomeQuiet, done, ID, move, moved, repeatable, send, unrepeatable } from "./support/sending.ts";
import { createWorld, type World } from "./support/world.ts";

const factsOf = (error: unknown): HostError["facts"] => (error as HostError).facts;

test("an unread request is written again at the new domid, with its id and its bytes", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = send(world, repeatable, {
    "sent 5": () => world.endDomain(5),
    "away 5": () => world.addDomain(moved),
    "moved 8": () => world.addGuest(8, ({ id, text }) => ({ code: "0", message: `${id} ${text}` })),
  });
  const { domid, message } = await sent.reply;
  assert.deepEqual([domid, message], [8, `${ID} {"name":"features","value":""}`]);
  assert.deepEqual(sent.stages.slice(0, 4), ["sent 5", "away 5", "moved 8", "sent 8"]);
  assert.deepEqual(await world.nodes("data/host", 8), []);
  world.assertQuiet();
});

test("a restored guest that answers by itself is not asked again", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = send(world, repeatable, {
    "taken 5": () => world.endDomain(5),
    // Before its domain can be asked: its data is made by the reply.
    "away 5": async () => {
      await world.reply(ID, "at the old id", 8);
      await world.addDomain(moved);
    },
  });
  const { domid, message } = await sent.reply;
  assert.deepEqual([domid, message], [8, "at the old id"]);
  assert.deepEqual(sent.stages, ["sent 5", "taken 5", "away 5", "moved 8", "answered 8"]);
  assert.deepEqual(await world.nodes("data/guest", 8), []);
  world.assertQuiet();
});

test("work that a restored guest brought along is an answer after it was asked again, too", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = send(world, repeatable, {
    "taken 5": () => move(world),
    "sent 8": () => world.reply(ID, "old work", 8),
  });
  assert.equal((await sent.reply).message, "old work");
  assert.deepEqual([await world.nodes("data/host", 8), await world.nodes("data/guest", 8)], [[], []]);
  world.assertQuiet();
});

test("a second answer of a guest that was asked twice is removed before the next request", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  await send(world, repeatable, {
    "taken 5": () => move(world),
    "moved 8": () => world.reply(ID, "first", 8),
  }).reply;
  await world.reply(ID, "second", 8);
  const nodes: (readonly string[])[] = [];
  const next = send(
    world,
    repeatable,
    {
      "sent 8": async () => {
        nodes.push(await world.nodes("data/guest", 8));
        await world.reply("00000000-0000-4000-8000-000000000002", "next", 8);
      },
    },
    { domid: 8 },
  );
  assert.equal((await next.reply).message, "next");
  assert.deepEqual(nodes, [[]]);
});

test("what may not be repeated is waited for at the new domid, and its answer counts", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = send(world, unrepeatable, {
    "taken 5": () => move(world),
    "moved 8": async () => {
      await becomeQuiet(world);
      await world.reply(ID, "updated", 8);
    },
  });
  assert.equal((await sent.reply).message, "updated");
  assert.deepEqual(sent.stages, ["sent 5", "taken 5", "away 5", "moved 8", "answered 8"]);
  world.assertQuiet();
});

for (const stage of ["sent", "taken"] as const) {
  test(`what may not be repeated and was ${stage} has an unknown outcome at the limit`, async (context) => {
    const world = await createWorld(context, { answer: () => (stage === "sent" ? "ignore" : "take") });
    const sent = send(world, unrepeatable, {
      [`${stage} 5`]: () => move(world),
      "moved 8": () => world.clock.advance(30_000),
    });
    await assert.rejects(sent.reply, (error) => {
      const words =
        /^Domain 5 became domain 8 before it answered "agentupdate": whether .* Ask for the version$/;
      assert.ok(hasCode("OUTCOME_UNKNOWN", words)(error));
      assert.deepEqual([factsOf(error).domid, factsOf(error).newDomid], [5, 8]);
      return true;
    });
    assert.deepEqual(await world.nodes("data/host", 8), []);
    world.assertQuiet();
  });
}

test("a limit that passes at the new domid names both and withdraws the request there", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = send(world, repeatable, {
    "sent 5": () => move(world),
    "sent 8": () => world.clock.advance(30_000),
  });
  await assert.rejects(
    sent.reply,
    hasCode(
      "GUEST_TIMEOUT",
      /^Domain 5 became domain 8, where no agent answered "features" within 30 s\. The request is withdrawn/,
    ),
  );
  assert.deepEqual(await world.nodes("data/host", 8), []);
  world.assertQuiet();
});

test("a guest that moved between two requests is asked at its new domid, whatever the command", async (context) => {
  const world = await createWorld(context, { answer: () => done });
  const result = await world.connector.hold({ domid: 5 }, async (guest) => {
    await guest.ask(repeatable);
    await move(world);
    const { requests } = await world.addGuest(8, () => done);
    await guest.ask(unrepeatable);
    return [guest.domid, requests.map(({ name }) => name)];
  });
  assert.deepEqual(result, [8, ["agentupdate"]]);
  world.assertQuiet();
});

for (const [how, end] of [
  ["its release", (world: World) => world.endDomain(5)],
  ["the removal of its node", (world: World) => world.xenstore.remove("/local/domain/5")],
  ["its release alone", (world: World) => world.xenstore.release(5)],
] as const) {
  test(`a domain that ended by ${how} is waited for, and given up after 60 s`, async (context) => {
    const world = await createWorld(context, { answer: () => "take" });
    const call = { timeoutMs: 300_000 };
    const acts = { "taken 5": () => end(world), "away 5": () => world.clock.advance(60_000) };
    const sent = send(world, repeatable, acts, call);
    await assert.rejects(sent.reply, (error) => {
      assert.ok(
        hasCode("GUEST_GONE", /^Domain 5 went away .* not back after 60 s\. The guest had taken/)(error),
      );
      assert.deepEqual([factsOf(error).wasTaken, factsOf(error).awayMs], [true, 60_000]);
      return true;
    });
    assert.equal(world.clock.nowMs(), 60_000);
    world.assertQuiet();
  });
}

test("a request that nobody had taken when its domain ended is said to be lost", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = send(world, repeatable, {
    "sent 5": () => world.endDomain(5),
    "away 5": () => world.clock.advance(30_000),
  });
  await assert.rejects(sent.reply, (error) => {
    assert.ok(hasCode("GUEST_GONE", /The request went with it, unless .* ask for it by name/)(error));
    assert.equal(factsOf(error).wasTaken, false);
    return true;
  });
});

test("the caller's own limit is not made longer by waiting for a guest", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = send(world, repeatable, {
    "taken 5": async () => {
      world.clock.advance(20_000);
      await world.endDomain(5);
    },
    "away 5": () => world.clock.advance(10_000),
  });
  await assert.rejects(sent.reply, hasCode("GUEST_GONE", /not back after 10 s/));
  assert.equal(world.clock.nowMs(), 30_000);
  world.assertQuiet();
});

test("a guest that comes back together with the limit is not asked any more", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = send(world, repeatable, {
    "taken 5": () => world.endDomain(5),
    "away 5": async () => {
      await world.addDomain(moved);
      world.clock.advance(30_000);
    },
  });
  const words =
    /^Domain 5 became domain 8, and its agent took "features" but did not answer within 30 s\. It may still/;
  await assert.rejects(sent.reply, hasCode("GUEST_TIMEOUT", words));
  assert.deepEqual(await world.nodes("data/host", 8), []);
  world.assertQuiet();
});

test("a guest that comes back too late is given up", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const acts = { "taken 5": () => world.endDomain(5), "away 5": () => world.clock.advance(30_000) };
  await assert.rejects(send(world, repeatable, acts).reply, hasCode("GUEST_GONE"));
  await world.addDomain(moved);
  assert.deepEqual(await world.nodes("data/host", 8), []);
  world.assertQuiet();
});

test("giving up while the guest is away ends the wait and sends nothing more", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const controller = new AbortController();
  const acts = { "sent 5": () => world.endDomain(5), "away 5": () => controller.abort() };
  const sent = send(world, repeatable, acts, { signal: controller.signal });
  await assert.rejects(sent.reply, hasCode("CANCELLED", /went away with the request, and whether it was/));
  world.assertQuiet();
});

test("a connection to XenStore that breaks while the guest is away ends the wait", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const acts = { "sent 5": () => world.endDomain(5), "away 5": () => world.breakConnection() };
  await assert.rejects(send(world, repeatable, acts).reply, hasCode("XENSTORE_FAILED", /\(ECLOSED\)$/));
  assert.equal(world.clock.alarmCount, 0);
});

test("a connection that is made again while the guest is away does not end the wait", async (context) => {
  const world = await createWorld(context, { reconnect: true });
  const sent = send(world, repeatable, {
    "sent 5": () => world.endDomain(5),
    "away 5": async () => {
      world.breakConnection();
      await world.addDomain(moved);
    },
    "moved 8": () => world.addGuest(8, () => done),
  });
  assert.equal((await sent.reply).domid, 8);
});

test("a guest that moves twice is followed twice", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = send(world, repeatable, {
    "sent 5": () => move(world),
    "sent 8": async () => {
      await world.endDomain(8);
      await world.addDomain({ ...moved, domid: 9 });
    },
    "moved 9": () => world.addGuest(9, () => done),
  });
  assert.equal((await sent.reply).domid, 9);
  assert.deepEqual(
    sent.stages.filter((stage) => !stage.startsWith("taken")),
    ["sent 5", "away 5", "moved 8", "sent 8", "away 8", "moved 9", "sent 9", "answered 9"],
  );
  world.assertQuiet();
});
