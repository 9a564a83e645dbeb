import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  CLIENT_REQUESTS_MAX,
  createTransportPair,
  encodePacket,
  encodeUtf8,
  MessageType,
  PacketDecoder,
  type Transport,
  type TransportHandlers,
  XenstoreClient,
} from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { follow, openHarness } from "./client-harness.ts";

test("an answer that does not come is ETIMEDOUT at the limit, not before", async () => {
  const { client, clock, server } = await openHarness({ requestTimeoutMs: 1000 });
  const first = follow(client.read("/a"));
  clock.advance(600);
  const second = follow(client.read("/b"));
  clock.advance(399);
  await settle();
  assert.equal(first.isSettled, false);
  clock.advance(1);
  await settle();
  assert.match(String(first.error), /Cannot read "\/a": no answer within 1000 ms/);
  assert.equal(second.isSettled, false);
  clock.advance(600);
  await settle();
  assert.match(String(second.error), /"\/b"/);
  assert.equal(server().requests.length, 2);
  await client.close();
});

test("a value stays as it was read when the transport uses its buffer again", async () => {
  const [left, right] = createTransportPair();
  const client = await XenstoreClient.open({ connect: async () => left, clock: createManualClock() });
  const buffer = Buffer.from("0200000001000000000000000200000068690000", "hex");
  right.start({ receive: () => void right.send(buffer.subarray(0, 18)), closed() {} });
  const value = await client.read("/a");
  buffer.fill(0);
  assert.deepEqual(value, encodeUtf8("hi"));
  await client.close();
});

test("an answer that comes too late is dropped", async () => {
  const { client, clock, server } = await openHarness({ requestTimeoutMs: 1000 });
  const late = assert.rejects(client.read("/a"), { code: "ETIMEDOUT" });
  clock.advance(1000);
  await late;
  const answer = client.readText("/b");
  server().reply(await server().next(), encodeUtf8("late"));
  server().reply(await server().next(), encodeUtf8("right"));
  assert.equal(await answer, "right");
  await client.close();
});

test("a transaction that opens too late is ended at once", async () => {
  const { client, clock, server } = await openHarness({ requestTimeoutMs: 1000 });
  const late = assert.rejects(
    client.transaction(async () => {}),
    { code: "ETIMEDOUT" },
  );
  const start = await server().next();
  clock.advance(1000);
  await late;
  server().reply(start, ["42"]);
  const end = await server().next();
  assert.equal(end.type, MessageType.transactionEnd);
  assert.equal(end.transactionId, 42);
  assert.deepEqual(end.payload, encodeUtf8("F\0"));
  server().reply(end, ["OK"]);
  await client.close();
});

test("no timer is left when every request is answered and the client is closed", async () => {
  const { client, clock, server } = await openHarness();
  const answer = client.read("/a");
  server().reply(await server().next(), ["x"]);
  await answer;
  await client.close();
  assert.equal(clock.nextTimerMs(), undefined);
});

test("an answer of another type is EPROTO and ends the connection", async () => {
  const { client, server } = await openHarness({ reconnect: false });
  const answer = assert.rejects(client.read("/a"), { code: "EPROTO" });
  const other = follow(client.read("/b"));
  const request = await server().next();
  server().reply({ ...request, type: MessageType.write }, ["OK"]);
  await answer;
  await server().ended;
  assert.match(String(other.error), /"\/b".*does not speak/);
  await client.close();
});

test("a stream that is not XenStore's ends the connection", async () => {
  const { client, server } = await openHarness({ reconnect: false });
  const answer = assert.rejects(client.read("/a"), { code: "ECLOSED", message: /does not speak/ });
  await server().next();
  server().send(new Uint8Array(64).fill(0xff));
  await answer;
  await server().ended;
  await assert.rejects(client.read("/a"), { code: "ECLOSED" });
  await client.close();
});

test("answers with request id 0, as old kernels give them to WATCH, are matched by type", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("data/host");
  const read = client.readText("/a");
  const watchRequest = await server().next();
  const readRequest = await server().next();
  server().reply({ ...watchRequest, requestId: 0 }, ["OK"]);
  await watch.ready;
  server().reply(readRequest, encodeUtf8("1"));
  assert.equal(await read, "1");
  await client.close();
});

test("close rejects pending requests with ECLOSED, may be called twice, and refuses later ones", async () => {
  const { client, server } = await openHarness();
  const pending = assert.rejects(client.read("/a"), { code: "ECLOSED" });
  await server().next();
  await Promise.all([client.close(), client.close()]);
  await pending;
  await client.close();
  await server().ended;
  await assert.rejects(client.read("/a"), { code: "ECLOSED" });
  await assert.rejects(
    client.transaction(async () => {}),
    { code: "ECLOSED" },
  );
});

test("requests over the limit are refused with EBUSY", async () => {
  const { client } = await openHarness();
  const pending = Array.from({ length: CLIENT_REQUESTS_MAX }, () => follow(client.read("/a")));
  await assert.rejects(client.read("/b"), { code: "EBUSY" });
  await client.close();
  await settle();
  assert.ok(pending.every((outcome) => outcome.isSettled));
});

test("requests wait while the transport is slow, and those timed out are never sent", async () => {
  const slow = createSlowTransport();
  const clock = createManualClock();
  const client = await XenstoreClient.open({ connect: async () => slow, clock, requestTimeoutMs: 1000 });
  const outcomes = [follow(client.read("/1")), follow(client.read("/2"))];
  await settle();
  clock.advance(500);
  outcomes.push(follow(client.read("/3")), follow(client.read("/4")));
  await settle();
  assert.deepEqual(slow.sentPaths(), ["/1"]);
  clock.advance(500);
  slow.drain();
  assert.deepEqual(slow.sentPaths(), ["/1", "/3"]);
  slow.drain();
  assert.deepEqual(slow.sentPaths(), ["/1", "/3", "/4"]);
  await client.close();
  await settle();
  assert.ok(outcomes.every((outcome) => outcome.error !== undefined));
});

test("the server's bytes may come in any slices", async () => {
  const slices = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
  const values = fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(values, slices, async (texts, sizes) => {
      const [left, right] = createTransportPair();
      const client = await XenstoreClient.open({ connect: async () => left, clock: createManualClock() });
      const answers = Promise.all(texts.map((_, index) => client.readText(`/${index}`)));
      const watch = client.watch("/w");
      const reader = watch[Symbol.asyncIterator]();
      const stream = await answerAll(right, texts);
      for (let start = 0, turn = 0; start < stream.length; turn += 1) {
        const end = start + (sizes[turn % sizes.length] ?? 1);
        right.send(stream.subarray(start, end));
        start = end;
      }
      assert.deepEqual(await answers, texts);
      await watch.ready;
      assert.deepEqual(await reader.next(), { value: { path: "/w/x" }, done: false });
      await client.close();
    }),
    { numRuns: 100 },
  );
});

/** The answers to one READ a text and to the WATCH after them, as one stream; the event comes first. */
async function answerAll(server: Transport, texts: readonly string[]): Promise<Uint8Array> {
  const answers: Uint8Array[] = [];
  const decoder = new PacketDecoder();
  await new Promise<void>((resolve) => {
    server.start({
      receive: (bytes) =>
        decoder.push(bytes, (packet) => {
          const isWatch = packet.type === MessageType.watch;
          const event = { type: MessageType.watchEvent, requestId: 0, transactionId: 0 };
          if (isWatch) answers.push(encodePacket({ ...event, payload: encodeUtf8("/w/x\0w1\0") }));
          const payload = encodeUtf8(isWatch ? "OK\0" : (texts[answers.length] ?? ""));
          answers.push(encodePacket({ ...packet, payload }));
          if (isWatch) resolve();
        }),
      closed() {},
    });
  });
  return Buffer.concat(answers);
}

interface SlowTransport extends Transport {
  sentPaths(): string[];
  drain(): void;
}

/** A transport that is full after every packet. */
function createSlowTransport(): SlowTransport {
  let handlers: TransportHandlers | undefined;
  const paths: string[] = [];
  return {
    queuedBytes: 0,
    start(given) {
      handlers = given;
    },
    send(bytes) {
      paths.push(Buffer.from(bytes.subarray(16, -1)).toString());
      return false;
    },
    pause() {},
    resume() {},
    close() {
      handlers?.closed();
    },
    sentPaths: () => [...paths],
    drain: () => handlers?.drained?.(),
  };
}
