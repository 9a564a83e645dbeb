import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import {
  CONNECT_TIMEOUT_MS,
  createTransportPair,
  MessageType,
  type Packet,
  RECONNECT_DELAY_MAX_MS,
  RECONNECT_DELAY_MIN_MS,
  type Transport,
  type Watch,
  XenstoreClient,
  XenstoreError,
} from "@nova-agent/xenstore";
import { createManualClock, createScriptedServer } from "@nova-agent/xenstore/testing";
import { type ClientHarness, follow, type HarnessOptions, openHarness } from "./client-harness.ts";

/** Ends the connection from the server's side. */
async function breakConnection({ server }: ClientHarness): Promise<void> {
  server().close();
  await settle();
}

async function refuse(): Promise<Transport> {
  throw new XenstoreError("ENOENT", "Nothing is there");
}

/** A harness with one watch on data/host that is registered. */
async function openWatching(
  options: HarnessOptions = {},
): Promise<{ harness: ClientHarness; watch: Watch; request: Packet }> {
  const harness = await openHarness(options);
  const watch = harness.client.watch("data/host");
  const request = await harness.server().next();
  harness.server().reply(request, ["OK"]);
  await watch.ready;
  return { harness, watch, request };
}

test("open rejects with what prevented the first connection", async () => {
  const clock = createManualClock();
  await assert.rejects(XenstoreClient.open({ connect: refuse, clock }), { message: "Nothing is there" });
  assert.equal(clock.nextTimerMs(), undefined);
});

test("open is ETIMEDOUT when the connection does not come, and closes one that comes later", async () => {
  const clock = createManualClock();
  const [left, right] = createTransportPair();
  const server = createScriptedServer(right);
  const late = createLateConnect(left);
  const opened = assert.rejects(XenstoreClient.open({ connect: late.connect, clock }), { code: "ETIMEDOUT" });
  clock.advance(CONNECT_TIMEOUT_MS);
  await opened;
  late.succeed();
  await server.ended;
});

test("requests under way at the break are ECLOSED, later ones wait for the next connection", async () => {
  const harness = await openHarness();
  const { client, clock, server, servers } = harness;
  const underWay = follow(client.write("/a", "1"));
  await server().next();
  await breakConnection(harness);
  assert.ok(underWay.error instanceof XenstoreError && underWay.error.code === "ECLOSED");
  const waiting = client.readText("/b");
  await settle();
  assert.equal(servers.length, 1);
  clock.advance(RECONNECT_DELAY_MIN_MS);
  const request = await nextOfServer(harness, 2);
  assert.equal(request.type, MessageType.read);
  server().reply(request, new Uint8Array([0x79]));
  assert.equal(await waiting, "y");
  await client.close();
});

test("a request that waits for a connection is ETIMEDOUT at the limit and says why", async () => {
  const harness = await openHarness({ requestTimeoutMs: 1000 });
  const { client, clock, setConnect } = harness;
  setConnect(refuse);
  await breakConnection(harness);
  const waiting = assert.rejects(client.read("/a"), (error: XenstoreError) => {
    assert.equal(error.code, "ETIMEDOUT");
    assert.match(String(error.cause), /Nothing is there/);
    return true;
  });
  for (let step = 0; step < 10; step += 1) {
    clock.advance(100);
    await settle();
  }
  await waiting;
  await client.close();
});

test("attempts to connect again come at doubled distances up to the limit", async () => {
  const harness = await openHarness();
  const { client, clock, servers, setConnect } = harness;
  setConnect(refuse);
  await breakConnection(harness);
  const delays: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const delayMs = (clock.nextTimerMs() ?? Number.NaN) - clock.nowMs();
    delays.push(delayMs);
    clock.advance(delayMs);
    await settle();
  }
  assert.deepEqual(delays, [
    100,
    200,
    400,
    800,
    1600,
    3200,
    6400,
    RECONNECT_DELAY_MAX_MS,
    RECONNECT_DELAY_MAX_MS,
  ]);
  setConnect(undefined);
  clock.advance(RECONNECT_DELAY_MAX_MS);
  await settle();
  assert.equal(servers.length, 2);
  await client.close();
});

test("a connection that does not last is not made again at full speed, one that lasted is", async () => {
  const harness = await openHarness();
  const { client, clock } = harness;
  const delays: number[] = [];
  for (const lifeMs of [0, 0, RECONNECT_DELAY_MAX_MS + 1, 0]) {
    clock.advance(lifeMs);
    await breakConnection(harness);
    const delayMs = (clock.nextTimerMs() ?? Number.NaN) - clock.nowMs();
    delays.push(delayMs);
    clock.advance(delayMs);
    await settle();
  }
  assert.deepEqual(delays, [100, 200, 100, 200]);
  await client.close();
});

test("watches are registered again before waiting requests, and yield an event", async () => {
  const { harness, watch, request } = await openWatching();
  const { client, clock, server } = harness;
  await breakConnection(harness);
  const waiting = follow(client.read("/a"));
  clock.advance(RECONNECT_DELAY_MIN_MS);
  const again = await nextOfServer(harness, 2);
  assert.equal(again.type, MessageType.watch);
  assert.deepEqual(again.payload, request.payload);
  assert.equal((await server().next()).type, MessageType.read);
  server().reply(again, ["OK"]);
  server().event("data/host", Buffer.from(again.payload).toString().split("\0")[1] ?? "");
  assert.deepEqual(await watch[Symbol.asyncIterator]().next(), { value: { path: "data/host" }, done: false });
  await client.close();
  await settle();
  assert.ok(waiting.error !== undefined);
});

test("a watch that is refused on the next connection throws in the loop", async () => {
  const { harness, watch } = await openWatching();
  const { client, clock, server } = harness;
  await breakConnection(harness);
  clock.advance(RECONNECT_DELAY_MIN_MS);
  server().fail(await nextOfServer(harness, 2), "EACCES");
  await assert.rejects(watch[Symbol.asyncIterator]().next(), { code: "EACCES" });
  await client.close();
});

test("a watch whose registration is not answered has the connection made again", async () => {
  const { harness } = await openWatching({ requestTimeoutMs: 1000 });
  const { client, clock } = harness;
  await breakConnection(harness);
  clock.advance(RECONNECT_DELAY_MIN_MS);
  await nextOfServer(harness, 2);
  clock.advance(1000);
  await settle();
  clock.advance(RECONNECT_DELAY_MIN_MS * 2);
  assert.equal((await nextOfServer(harness, 3)).type, MessageType.watch);
  await client.close();
});

test("a watch closed while there is no connection is not registered again", async () => {
  const { harness, watch } = await openWatching();
  const { client, clock, server, servers } = harness;
  await breakConnection(harness);
  await watch.close();
  clock.advance(RECONNECT_DELAY_MIN_MS);
  await settle();
  assert.equal(servers.length, 2);
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("a watch made while there is no connection is registered on the next one, unless closed", async () => {
  const harness = await openHarness();
  const { client, clock, server } = harness;
  await breakConnection(harness);
  const kept = client.watch("/kept");
  const closed = client.watch("/closed");
  await closed.close();
  clock.advance(RECONNECT_DELAY_MIN_MS);
  const request = await nextOfServer(harness, 2);
  assert.match(Buffer.from(request.payload).toString(), /^\/kept\0/);
  server().reply(request, ["OK"]);
  await kept.ready;
  await assert.rejects(closed.ready, { code: "ECLOSED" });
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("without reconnection the end of the connection is the end of the client", async () => {
  const { harness, watch } = await openWatching({ reconnect: false });
  await breakConnection(harness);
  await assert.rejects(watch[Symbol.asyncIterator]().next(), { code: "ECLOSED" });
  await assert.rejects(harness.client.read("/a"), { code: "ECLOSED" });
  assert.equal(harness.clock.nextTimerMs(), undefined);
  await harness.client.close();
});

test("close while there is no connection ends the attempts and what waits", async () => {
  const harness = await openHarness();
  const { client, clock, servers } = harness;
  await breakConnection(harness);
  const waiting = assert.rejects(client.read("/a"), { code: "ECLOSED" });
  await settle();
  await client.close();
  await waiting;
  assert.equal(clock.nextTimerMs(), undefined);
  assert.equal(servers.length, 1);
});

test("a connection that is made after close is closed", async () => {
  const harness = await openHarness();
  const { client, clock, setConnect } = harness;
  const [left, right] = createTransportPair();
  const server = createScriptedServer(right);
  const late = createLateConnect(left);
  setConnect(late.connect);
  await breakConnection(harness);
  clock.advance(RECONNECT_DELAY_MIN_MS);
  await client.close();
  late.succeed();
  await server.ended;
});

/** A way to connect that gives its transport when it is told to. */
function createLateConnect(transport: Transport): { connect: () => Promise<Transport>; succeed: () => void } {
  const connected = new EventEmitter();
  return {
    connect: async () => {
      await once(connected, "succeed");
      return transport;
    },
    succeed: () => connected.emit("succeed"),
  };
}

/** The first request on the connection with this number, which must be the latest. */
async function nextOfServer({ server, servers }: ClientHarness, count: number): Promise<Packet> {
  await settle();
  assert.equal(servers.length, count);
  return server().next();
}
