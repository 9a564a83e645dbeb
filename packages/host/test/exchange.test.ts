import assert from "node:assert/strict";
import test from "node:test";
import { type ExchangeStage, sendRequest } from "../src/index.ts";
import { hasCode } from "./support/has-code.ts";
import { createWorld, type World } from "./support/world.ts";

const request = { name: "echo", value: "hello" };

/** Sends the request and calls `whenSent` once it lies in XenStore. */
function sendThen(world: World, whenSent: () => unknown, signal?: AbortSignal): Promise<unknown> {
  return sendUntil(world, { stage: "sent", run: whenSent, signal });
}

/**
 * Sends the request and calls `run` at a stage of it. At `taken` the exchange has looked at the first
 * event of each of its watches, and only another event makes it look again.
 */
function sendUntil(
  world: World,
  until: {
    readonly stage: ExchangeStage;
    readonly run: () => unknown;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<unknown> {
  const onProgress = ({ stage }: { readonly stage: ExchangeStage }): void => {
    if (stage === until.stage) until.run();
  };
  return sendRequest(world.connector, { domid: 5, request, onProgress, signal: until.signal });
}

/** Replies once the exchange has worked off every event: so many round trips on its own connection. */
async function replyWhenQuiet(world: World): Promise<void> {
  for (let trip = 0; trip < 50; trip += 1) await world.xenstore.exists("/");
  await world.reply("00000000-0000-4000-8000-000000000001", "at last");
}

for (const order of ["removeFirst", "answerFirst"] as const) {
  test(`a reply is read and removed when the guest works in the order ${order}`, async (context) => {
    const world = await createWorld(context, { answer: () => ({ code: "0", message: "hello", order }) });
    const reply = await sendRequest(world.connector, { domid: 5, request });
    assert.deepEqual(reply, {
      domid: 5,
      returncode: "0",
      message: "hello",
      isIntegerCode: false,
      isDone: true,
    });
    assert.deepEqual(await world.nodes("data/guest"), []);
    world.assertQuiet();
  });
}

test("the guest finds one JSON object, name first, under a new id each time", async (context) => {
  const world = await createWorld(context, { answer: () => ({ code: "0", message: "" }) });
  await sendRequest(world.connector, { domid: 5, request });
  await sendRequest(world.connector, { domid: 5, request });
  const met = world.guest.requests.map(({ id, text }) => [id, text]);
  assert.deepEqual(met, [
    ["00000000-0000-4000-8000-000000000001", `{"name":"echo","value":"hello"}`],
    ["00000000-0000-4000-8000-000000000002", `{"name":"echo","value":"hello"}`],
  ]);
});

test("a request that nobody reads is withdrawn at the limit", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendThen(world, () => world.clock.advance(30_000));
  const words =
    /^No agent answered "echo" in domain 5 within 30 s\. The request is withdrawn, but an agent that had begun it may finish it\. Check that nova-agent runs/;
  await assert.rejects(sent, hasCode("GUEST_TIMEOUT", words));
  assert.deepEqual(await world.nodes("data/host"), []);
  world.assertQuiet();
});

test("nothing ends before the limit", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendThen(world, async () => {
    world.clock.advance(29_999);
    await world.reply("00000000-0000-4000-8000-000000000001", "in time");
  });
  assert.equal(((await sent) as { readonly message: string }).message, "in time");
});

test("a timeout tells that the guest had taken the request", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const sent = sendUntil(world, { stage: "taken", run: () => world.clock.advance(30_000) });
  await assert.rejects(sent, (error) => {
    const words =
      /^The agent of domain 5 took "echo" but did not answer within 30 s\. It may still carry it out: ask again/;
    assert.ok(hasCode("GUEST_TIMEOUT", words)(error));
    assert.equal((error as { readonly facts: { readonly wasTaken?: boolean } }).facts.wasTaken, true);
    return true;
  });
});

test("a timeout tells that the guest took the request in the last moment", async (context) => {
  const world = await createWorld(context);
  const sent = sendThen(world, () => {
    // In the same breath, so that the exchange hears of the limit first.
    void world.xenstore.remove("/local/domain/5/data/host/00000000-0000-4000-8000-000000000001");
    world.clock.advance(30_000);
  });
  await assert.rejects(sent, hasCode("GUEST_TIMEOUT", /may still carry it out/));
});

test("a reply that comes together with the limit counts", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendThen(world, async () => {
    await world.reply("00000000-0000-4000-8000-000000000001", "at last");
    world.clock.advance(30_000);
  });
  assert.equal(((await sent) as { readonly message: string }).message, "at last");
});

test("a late reply is removed before the next request to the same guest", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  await assert.rejects(
    sendThen(world, () => world.clock.advance(30_000)),
    hasCode("GUEST_TIMEOUT"),
  );
  await world.reply("00000000-0000-4000-8000-000000000001", "late");
  await world.reply("11111111-0000-4000-8000-000000000001", "for somebody else");
  const seen: (readonly string[])[] = [];
  const second = sendThen(world, async () => {
    seen.push(await world.nodes("data/guest"));
    world.clock.advance(30_000);
  });
  await assert.rejects(second, hasCode("GUEST_TIMEOUT"));
  assert.deepEqual(seen, [["11111111-0000-4000-8000-000000000001"]]);
});

test("giving up withdraws the request", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const controller = new AbortController();
  const sent = sendThen(world, () => controller.abort(), controller.signal);
  await assert.rejects(sent, hasCode("CANCELLED", /the request is withdrawn$/));
  assert.deepEqual(await world.nodes("data/host"), []);
  world.assertQuiet();
});

test("giving up beforehand sends nothing", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendThen(world, () => assert.fail("sent"), AbortSignal.abort());
  await assert.rejects(sent, hasCode("CANCELLED", /before anything was sent/));
  assert.deepEqual(world.guest.requests, []);
});

const garbage = [
  ["text", "None"],
  ["half an object", `{"returncode": "0"`],
  ["bytes", Uint8Array.of(0, 255, 1)],
] as const;

for (const [name, raw] of garbage) {
  test(`a reply of ${name} ends the wait and is removed`, async (context) => {
    const world = await createWorld(context, { answer: () => ({ raw }) });
    const sent = sendRequest(world.connector, { domid: 5, request });
    await assert.rejects(sent, hasCode("GUEST_BAD_REPLY"));
    assert.deepEqual(await world.nodes("data/guest"), []);
  });
}

test("an empty reply is not one yet", async (context) => {
  const world = await createWorld(context, { answer: () => ({ raw: "" }) });
  const run = (): Promise<void> => world.reply("00000000-0000-4000-8000-000000000001", "whole");
  const sent = sendUntil(world, { stage: "taken", run });
  assert.equal(((await sent) as { readonly message: string }).message, "whole");
});

test("a reply that comes after everything was looked at is noticed, and every stage is told once", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const stages: ExchangeStage[] = [];
  const onProgress = ({ stage }: { readonly stage: ExchangeStage }): void => {
    stages.push(stage);
    if (stage === "taken") void replyWhenQuiet(world);
  };
  assert.equal((await sendRequest(world.connector, { domid: 5, request, onProgress })).message, "at last");
  assert.deepEqual(stages, ["sent", "taken", "answered"]);
});

test("the end of another domain and a new name change nothing", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  await world.addDomain({ domid: 6, name: "web-2" });
  const sent = sendThen(world, async () => {
    await world.xenstore.write("/local/domain/5/name", "web-1-new");
    await world.endDomain(6);
    await world.reply("00000000-0000-4000-8000-000000000001", "still here");
  });
  assert.equal(((await sent) as { readonly message: string }).message, "still here");
});

test("a domid without a domain is told before anything is written", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendRequest(world.connector, { domid: 7, request });
  await assert.rejects(sent, hasCode("NO_SUCH_DOMAIN", /No domain has domid 7/));
  assert.equal(await world.xenstore.exists("/local/domain/7"), false);
});

test("a domain without data cannot answer, which is told instead of waited for", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  await world.xenstore.write("/local/domain/9/name", "bare");
  const sent = sendRequest(world.connector, { domid: 9, request });
  await assert.rejects(sent, hasCode("GUEST_NO_DATA", /permissions n9/));
});

test("a request over one packet is refused before anything is written", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const large = { name: "send", value: "x".repeat(4096) };
  const sent = sendRequest(world.connector, { domid: 5, request: large });
  await assert.rejects(sent, hasCode("TOO_LARGE", /one packet of XenStore carries/));
  assert.deepEqual(world.guest.requests, []);
});

test("a connection to XenStore that breaks ends the wait", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = sendThen(world, () => world.breakConnection());
  await assert.rejects(sent, hasCode("XENSTORE_FAILED", /\(ECLOSED\)$/));
  assert.equal(world.clock.alarmCount, 0);
});

test("a connection that is made again does not end the wait", async (context) => {
  const world = await createWorld(context, { reconnect: true });
  const sent = sendThen(world, async () => {
    world.breakConnection();
    await world.reply("00000000-0000-4000-8000-000000000001", "while away");
  });
  assert.equal(((await sent) as { readonly message: string }).message, "while away");
});

test("a request is withdrawn on the next connection when XenStore failed in the middle", async (context) => {
  const world = await createWorld(context, { reconnect: true });
  const sent = sendThen(world, () => world.failNextRequest());
  await assert.rejects(sent, hasCode("XENSTORE_FAILED", /\(ECLOSED\)$/));
  assert.deepEqual(await world.nodes("data/host"), []);
});

test("giving up while the watches are made sends nothing", async (context) => {
  const world = await createWorld(context);
  const controller = new AbortController();
  const sent = sendThen(world, () => assert.fail("sent"), controller.signal);
  await Promise.resolve();
  controller.abort();
  await assert.rejects(sent, hasCode("CANCELLED", /before anything was sent/));
  assert.deepEqual(world.guest.requests, []);
});
