import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settle } from "node:timers/promises";
import {
  decodeLatin1,
  MessageType,
  type Packet,
  RECONNECT_DELAY_MIN_MS,
  TRANSACTION_ATTEMPTS_MAX,
  TRANSACTION_FAULTS_MAX,
  XenstoreError,
} from "@nova-agent/xenstore";
import type { ScriptedServer } from "@nova-agent/xenstore/testing";
import { follow, openHarness } from "./client-harness.ts";

async function serveStart(server: ScriptedServer, id: string): Promise<void> {
  const start = await server.next();
  assert.equal(start.type, MessageType.transactionStart);
  assert.equal(decodeLatin1(start.payload), "\0");
  server.reply(start, [id]);
}

async function takeEnd(server: ScriptedServer, expected: { id: number; payload: string }): Promise<Packet> {
  const end = await server.next();
  assert.equal(end.type, MessageType.transactionEnd);
  assert.equal(end.transactionId, expected.id);
  assert.equal(decodeLatin1(end.payload), expected.payload);
  return end;
}

test("a transaction carries its id in every request and commits at the end", async () => {
  const { client, server } = await openHarness();
  const value = client.transaction(async (transaction) => {
    await transaction.write("data/guest/1", "{}");
    await transaction.remove("data/host/1");
    return "done";
  });
  await serveStart(server(), "77");
  for (const type of [MessageType.write, MessageType.remove]) {
    const request = await server().next();
    assert.equal(request.type, type);
    assert.equal(request.transactionId, 77);
    server().reply(request, ["OK"]);
  }
  server().reply(await takeEnd(server(), { id: 77, payload: "T\0" }), ["OK"]);
  assert.equal(await value, "done");
  await client.close();
});

test("a conflict runs the body again in a new transaction", async () => {
  const { client, server } = await openHarness();
  let runs = 0;
  const value = client.transaction(async () => (runs += 1));
  for (const id of [1, 2, 3]) {
    await serveStart(server(), String(id));
    const end = await takeEnd(server(), { id, payload: "T\0" });
    if (id < 3) server().fail(end, "EAGAIN");
    else server().reply(end, ["OK"]);
  }
  assert.equal(await value, 3);
  await client.close();
});

test("a transaction that always conflicts is EAGAIN after the limit", async () => {
  const { client, server } = await openHarness();
  let runs = 0;
  const value = assert.rejects(
    client.transaction(async () => (runs += 1)),
    { code: "EAGAIN" },
  );
  for (let id = 1; id <= TRANSACTION_ATTEMPTS_MAX; id += 1) {
    await serveStart(server(), String(id));
    server().fail(await takeEnd(server(), { id, payload: "T\0" }), "EAGAIN");
  }
  await value;
  assert.equal(runs, TRANSACTION_ATTEMPTS_MAX);
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("what the body throws aborts the transaction and is thrown", async () => {
  const { client, server } = await openHarness();
  const mistake = new Error("no such domain");
  const value = assert.rejects(
    client.transaction(async () => {
      throw mistake;
    }),
    (error) => error === mistake,
  );
  await serveStart(server(), "5");
  server().reply(await takeEnd(server(), { id: 5, payload: "F\0" }), ["OK"]);
  await value;
  await client.close();
});

test("an error inside keeps its code, even when the abort fails as well", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction((transaction) => transaction.readText("/a")),
    { code: "EACCES" },
  );
  await serveStart(server(), "5");
  server().fail(await server().next(), "EACCES");
  server().fail(await takeEnd(server(), { id: 5, payload: "F\0" }), "ENOENT");
  await value;
  await client.close();
});

test("EIO of a request inside is a conflict: it aborts and runs the body again", async () => {
  const { client, server } = await openHarness();
  const value = client.transaction(async (transaction) => {
    if (await transaction.exists("/a")) await transaction.remove("/a");
    return "withdrawn";
  });
  await serveStart(server(), "5");
  server().reply(await server().next(), ["n0"]);
  server().fail(await server().next(), "EIO");
  server().reply(await takeEnd(server(), { id: 5, payload: "F\0" }), ["OK"]);
  await serveStart(server(), "6");
  server().fail(await server().next(), "ENOENT");
  server().reply(await takeEnd(server(), { id: 6, payload: "T\0" }), ["OK"]);
  assert.equal(await value, "withdrawn");
  await client.close();
});

test("EIO that stays is thrown after the limit", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction((transaction) => transaction.remove("/a")),
    { code: "EIO" },
  );
  for (let id = 1; id <= TRANSACTION_FAULTS_MAX; id += 1) {
    await serveStart(server(), String(id));
    server().fail(await server().next(), "EIO");
    server().reply(await takeEnd(server(), { id, payload: "F\0" }), ["OK"]);
  }
  await value;
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("EIO thrown by the body is no conflict", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction(async () => {
      throw new XenstoreError("EIO", "Disk is broken");
    }),
    { message: "Disk is broken" },
  );
  await serveStart(server(), "5");
  server().reply(await takeEnd(server(), { id: 5, payload: "F\0" }), ["OK"]);
  await value;
  await client.close();
});

test("EAGAIN thrown by the body is no conflict", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction(async () => {
      throw new XenstoreError("EAGAIN", "Not now");
    }),
    { message: "Not now" },
  );
  await serveStart(server(), "5");
  server().reply(await takeEnd(server(), { id: 5, payload: "F\0" }), ["OK"]);
  await value;
  await client.close();
});

test("another error of the commit is thrown and not tried again", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction(async () => {}),
    { code: "ENOMEM" },
  );
  await serveStart(server(), "5");
  server().fail(await takeEnd(server(), { id: 5, payload: "T\0" }), "ENOMEM");
  await value;
  await client.close();
});

test("a transaction that has ended refuses further requests", async () => {
  const { client, server } = await openHarness();
  const value = client.transaction(async (transaction) => transaction);
  await serveStart(server(), "5");
  server().reply(await takeEnd(server(), { id: 5, payload: "T\0" }), ["OK"]);
  const transaction = await value;
  await assert.rejects(transaction.write("/a", "1"), { code: "ECLOSED" });
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("a transaction ends with its connection, and is not moved to the next one", async () => {
  const { client, clock, server, servers } = await openHarness();
  const value = follow(client.transaction((transaction) => transaction.write("/a", "1")));
  await serveStart(server(), "5");
  await server().next();
  server().close();
  await server().ended;
  clock.advance(RECONNECT_DELAY_MIN_MS);
  await settle();
  assert.equal(servers.length, 2);
  assert.equal(server().requests.length, 0);
  assert.ok(value.error instanceof XenstoreError && value.error.code === "ECLOSED");
  await client.close();
});

test("a transaction id that is no number is EPROTO", async () => {
  const { client, server } = await openHarness();
  const value = assert.rejects(
    client.transaction(async () => {}),
    { code: "EPROTO" },
  );
  await serveStart(server(), "0x5");
  await value;
  await client.close();
});
