import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  CONFLICT_CREDIT_INTERVAL_MS,
  CONFLICT_CREDIT_MAX,
  encodePacket,
  type ServeOptions,
  serve,
  Store,
} from "@nova-agent/xenstore";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";
import { encodeRequests, FakeTransport, read, watch, write } from "./fake-transport.ts";

interface Server {
  readonly store: Store;
  readonly clock: ManualClock;
  /** Serves one more client. */
  join(domid: number, options?: Partial<ServeOptions>): FakeTransport;
}

function startServer(): Server {
  const store = new Store();
  const clock = createManualClock();
  return {
    store,
    clock,
    join(domid, options = {}) {
      const transport = new FakeTransport();
      serve(store, transport, { domid, clock, ...options });
      return transport;
    },
  };
}

test("all that one arrival brings about leaves as one piece, in order", () => {
  const client = startServer().join(0);
  client.arrive(encodeRequests([watch("/a", "t"), write("/a", "1"), read("/a"), read("/missing")]));
  assert.equal(client.sent.length, 1);
  assert.deepEqual(client.take(), ["1: OK|", "event /a|t|", "2: OK|", "3: 1", "4: ENOENT"]);
});

test("requests may come in any slices", () => {
  const bytes = encodeRequests([write("/a", "value"), read("/a"), read("/a")]);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const client = startServer().join(0);
    client.arrive(bytes.subarray(0, cut));
    client.arrive(bytes.subarray(cut));
    assert.deepEqual(client.take(), ["1: OK|", "2: value", "3: value"]);
  }
});

test("what was sent is not written over by later replies", () => {
  const client = startServer().join(0);
  for (let index = 0; index < 2000; index += 1) {
    client.arrive(encodeRequests([write("/a", `value ${index}`), read("/a")], { first: 2 * index + 1 }));
  }
  const expected = Array.from({ length: 2000 }, (_, index) => [
    `${2 * index + 1}: OK|`,
    `${2 * index + 2}: value ${index}`,
  ]);
  assert.deepEqual(client.take(), expected.flat());
});

test("an event for another client leaves by itself, with all of its kind in one piece", async () => {
  const server = startServer();
  const watcher = server.join(0);
  const writer = server.join(0);
  watcher.arrive(encodeRequests([watch("/a", "t")]));
  watcher.take();
  writer.arrive(encodeRequests([write("/a/1", ""), write("/a/2", "")]));
  await settle();
  assert.equal(watcher.sent.length, 1);
  assert.deepEqual(watcher.take(), ["event /a/1|t|", "event /a/2|t|"]);
});

test("equal events that wait for a slow client become one; when it has taken them, they count anew", async () => {
  const server = startServer();
  const watcher = server.join(0);
  const writer = server.join(0);
  watcher.arrive(encodeRequests([watch("/a", "t"), watch("/a", "u"), watch("@releaseDomain", "r")]));
  watcher.isFast = false;
  writer.arrive(encodeRequests([write("/a", "1")]));
  await settle();
  watcher.take();
  for (let index = 0; index < 5; index += 1) writer.arrive(encodeRequests([write("/a", String(index))]));
  for (const domid of [5, 6]) {
    server.store.introduce(domid);
    server.store.release(domid);
  }
  await settle();
  assert.deepEqual(watcher.take(), []);
  watcher.isFast = true;
  watcher.drain();
  const ends = ["event @releaseDomain|r|", "event @releaseDomain|r|"];
  assert.deepEqual(watcher.take(), ["event /a|t|", "event /a|u|", ...ends]);
  writer.arrive(encodeRequests([write("/a", "last")]));
  await settle();
  assert.deepEqual(watcher.take(), ["event /a|t|", "event /a|u|"]);
});

test("a client that does not take its replies is not read until it does", () => {
  const server = startServer();
  const client = server.join(0);
  client.arrive(encodeRequests([write("/a", "1")]));
  client.take();
  client.isFast = false;
  client.arrive(encodeRequests([read("/a")]));
  assert.equal(client.isPaused, true);
  // Bytes that were on their way when reading stopped.
  client.arrive(encodeRequests([write("/a", "2"), read("/a")], { first: 2 }));
  client.arrive(encodeRequests([read("/a")], { first: 4 }));
  assert.deepEqual(client.take(), ["1: 1"]);
  server.join(0).arrive(encodeRequests([write("/a", "other")]));
  client.isFast = true;
  client.drain();
  assert.equal(client.isPaused, false);
  assert.deepEqual(client.take(), ["2: OK|", "3: 2", "4: 2"]);
});

test("however much is asked at once, no more replies than the limit wait for a slow client", () => {
  const server = startServer();
  const client = server.join(0, { limits: { outputBytes: 10_000 } });
  client.arrive(encodeRequests([write("/a", "v".repeat(4000))]));
  client.take();
  client.isFast = false;
  const count = 1000;
  client.arrive(encodeRequests(Array.from({ length: count }, () => read("/a"))));
  let replies = client.take().length;
  while (replies < count) {
    assert.ok(replies > 0);
    client.drain();
    const more = client.take().length;
    assert.ok(more > 0, `${replies} replies and no more`);
    replies += more;
  }
  assert.equal(replies, count);
  assert.ok(client.mostQueuedBytes <= 10_000 + 4112, String(client.mostQueuedBytes));
});

test("a watcher that never reads is closed at its limit; writer and other watchers go on", async () => {
  const server = startServer();
  let reason: Error | undefined;
  const ended = (error?: Error): void => {
    reason = error;
  };
  const stuck = server.join(0, { limits: { eventsBytes: 5000 }, ended });
  const other = server.join(0);
  const writer = server.join(0);
  for (const watcher of [stuck, other]) watcher.arrive(encodeRequests([watch("/a", "t")]));
  stuck.isFast = false;
  for (let index = 0; index < 1000; index += 1) writer.arrive(encodeRequests([write(`/a/${index}`, "")]));
  await settle();
  assert.equal(stuck.isClosed, true);
  assert.match(String(reason), /left \d+ bytes of watch events untaken/);
  assert.ok(stuck.mostQueuedBytes <= 5000);
  assert.equal(writer.take().length, 1000);
  assert.equal(other.take().length, 2 + 1000);
});

test("a packet over 4096 bytes closes its sender alone, after what came before is answered", () => {
  const server = startServer();
  let reason: Error | undefined;
  const ended = (error?: Error): void => {
    reason = error;
  };
  const hostile = server.join(5, { ended });
  const other = server.join(5);
  const oversize = encodePacket({ type: 2, requestId: 2, transactionId: 0, payload: new Uint8Array(4096) });
  oversize[12] = 1;
  hostile.arrive(Uint8Array.from([...encodeRequests([read("name")]), ...oversize]));
  assert.deepEqual(hostile.take(), ["1: EACCES"]);
  assert.equal(hostile.isClosed, true);
  assert.match(String(reason), /over 4096/);
  other.arrive(encodeRequests([read("name")]));
  assert.deepEqual(other.take(), ["1: EACCES"]);
});

test("random bytes cost at most the connection, and never the server", () => {
  const server = startServer();
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
      const hostile = server.join(5);
      for (const chunk of chunks) hostile.arrive(chunk);
      hostile.hangUp();
    }),
  );
  const client = server.join(5);
  client.arrive(encodeRequests([read("name")]));
  assert.deepEqual(client.take(), ["1: EACCES"]);
});

test("half a packet and then the end leaves nothing behind", async () => {
  const server = startServer();
  const gone = server.join(0);
  const writer = server.join(0);
  gone.arrive(encodeRequests([watch("/a", "t")]));
  gone.take();
  gone.arrive(encodeRequests([read("/a")]).subarray(0, 18));
  gone.hangUp();
  writer.arrive(encodeRequests([write("/a", "1"), { type: "control", arguments: ["memreport"] }]));
  await settle();
  assert.deepEqual(gone.sent, []);
  assert.match(writer.take()[1] ?? "", /connections 1\nwatches 0\n/);
});

test("a guest that breaks others' transactions is slowed, its neighbours are not", () => {
  const server = startServer();
  const dom0 = server.join(0);
  const guest = server.join(5);
  const neighbour = server.join(6);
  dom0.arrive(
    encodeRequests([{ type: "introduce", domid: 5, gfn: 1, port: 1 }, write("/local/domain/5", "")]),
  );
  const owner = { domid: 5, read: false, write: false };
  dom0.arrive(encodeRequests([{ type: "setPermissions", path: "/local/domain/5", permissions: [owner] }]));
  guest.arrive(encodeRequests([write("data", "0")]));
  guest.take();
  for (let transaction = 1; transaction <= CONFLICT_CREDIT_MAX; transaction += 1) {
    dom0.arrive(encodeRequests([{ type: "transactionStart" }]));
    dom0.arrive(encodeRequests([read("/local/domain/5/data")], { transaction }));
    guest.arrive(encodeRequests([write("data", String(transaction))]));
    assert.deepEqual(guest.take(), ["1: OK|"]);
    dom0.take();
    dom0.arrive(encodeRequests([{ type: "transactionEnd", commit: true }], { transaction }));
    assert.deepEqual(dom0.take(), ["1: EAGAIN"]);
  }
  guest.arrive(encodeRequests([read("data")]));
  neighbour.arrive(encodeRequests([read("name")]));
  assert.deepEqual(guest.take(), []);
  assert.deepEqual(neighbour.take(), ["1: EACCES"]);
  server.clock.advance(CONFLICT_CREDIT_INTERVAL_MS - 1);
  assert.deepEqual(guest.take(), []);
  server.clock.advance(1);
  assert.deepEqual(guest.take(), [`1: ${CONFLICT_CREDIT_MAX}`]);
  server.clock.advance(CONFLICT_CREDIT_INTERVAL_MS * CONFLICT_CREDIT_MAX);
  assert.equal(server.clock.nextTimerMs(), undefined);
});

test("release ends the domain's clients", () => {
  const server = startServer();
  const dom0 = server.join(0);
  dom0.arrive(encodeRequests([{ type: "introduce", domid: 5, gfn: 1, port: 1 }]));
  const guests = [server.join(5), server.join(5)];
  dom0.arrive(encodeRequests([{ type: "release", domid: 5 }]));
  assert.deepEqual(dom0.take(), ["1: OK|", "1: OK|"]);
  assert.deepEqual(
    guests.map((guest) => guest.isClosed),
    [true, true],
  );
});

test("a session may be closed twice, and answers nothing after", () => {
  const store = new Store();
  const transport = new FakeTransport();
  let ends = 0;
  const ended = (): void => {
    ends += 1;
  };
  const session = serve(store, transport, { domid: 0, clock: createManualClock(), ended });
  session.close();
  session.close();
  transport.arrive(encodeRequests([read("/")]));
  assert.deepEqual(transport.sent, []);
  assert.equal(ends, 1);
});
