import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import { MessageType, type Packet, type Watch, WATCH_BUFFER_EVENTS_MAX } from "@nova-agent/xenstore";
import { decodeLatin1 } from "@nova-agent/xenstore";
import type { ScriptedServer } from "@nova-agent/xenstore/testing";
import { follow, openHarness } from "./client-harness.ts";

/** Answers the WATCH that is under way and gives its token. */
async function acceptWatch(server: ScriptedServer, watch: Watch): Promise<string> {
  const request = await server.next();
  assert.equal(request.type, MessageType.watch);
  const [path = "", token = ""] = stringsOf(request);
  assert.equal(path, watch.path);
  server.reply(request, ["OK"]);
  await watch.ready;
  return token;
}

function stringsOf(packet: Packet): string[] {
  return decodeLatin1(packet.payload).split("\0").slice(0, -1);
}

/** The next paths of a watch, in order. */
async function take(watch: Watch, count: number): Promise<string[]> {
  const reader = watch[Symbol.asyncIterator]();
  const paths: string[] = [];
  while (paths.length < count) {
    const { value, done } = await reader.next();
    assert.ok(done !== true);
    paths.push(value.path);
  }
  return paths;
}

test("events reach the watch of their token, in order", async () => {
  const { client, server } = await openHarness();
  const first = client.watch("/a");
  const firstToken = await acceptWatch(server(), first);
  const second = client.watch("/a");
  const secondToken = await acceptWatch(server(), second);
  assert.notEqual(firstToken, secondToken);
  server().event("/a", firstToken);
  server().event("/a/x", secondToken);
  server().event("/a/b", firstToken);
  assert.deepEqual(await take(first, 2), ["/a", "/a/b"]);
  assert.deepEqual(await take(second, 1), ["/a/x"]);
  await client.close();
});

test("the first event may come before the answer to WATCH", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("data/host");
  const events = take(watch, 1);
  const request = await server().next();
  server().event("data/host", stringsOf(request)[1] ?? "");
  assert.deepEqual(await events, ["data/host"]);
  server().reply(request, ["OK"]);
  await watch.ready;
  await client.close();
});

test("a reader that waits gets the event that comes", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  const events = follow(take(watch, 1));
  await settle();
  assert.equal(events.isSettled, false);
  server().event("/a/b", token);
  await settle();
  assert.deepEqual(events.value, ["/a/b"]);
  await client.close();
});

test("the depth is sent when it is given, also 0", async () => {
  const { client, server } = await openHarness();
  client.watch("/a", { depth: 0 });
  client.watch("/a");
  assert.equal(stringsOf(await server().next())[2], "0");
  assert.equal(stringsOf(await server().next()).length, 2);
  await client.close();
});

test("equal events that were not taken yet are one", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  for (const path of ["/a/x", "/a/y", "/a/x", "/a/x"]) server().event(path, token);
  await settle();
  assert.deepEqual(await take(watch, 2), ["/a/x", "/a/y"]);
  const more = follow(take(watch, 1));
  await settle();
  assert.equal(more.isSettled, false);
  server().event("/a/x", token);
  await settle();
  assert.deepEqual(more.value, ["/a/x"]);
  await client.close();
});

test("more events than the buffer holds become one for the watched path", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  for (let index = 0; index <= WATCH_BUFFER_EVENTS_MAX; index += 1) server().event(`/a/${index}`, token);
  server().event("/a/after", token);
  await settle();
  assert.deepEqual(await take(watch, 2), ["/a", "/a/after"]);
  await client.close();
});

test("a full buffer still takes an event that it holds already", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  for (let index = 0; index < WATCH_BUFFER_EVENTS_MAX; index += 1) server().event(`/a/${index}`, token);
  server().event("/a/7", token);
  await settle();
  assert.deepEqual(await take(watch, 3), ["/a/0", "/a/1", "/a/2"]);
  await client.close();
});

test("close sends UNWATCH, drops later events and ends a waiting reader", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  const reader = watch[Symbol.asyncIterator]();
  const end = follow(reader.next());
  await settle();
  const closed = Promise.all([watch.close(), watch.close()]);
  const request = await server().next();
  assert.equal(request.type, MessageType.unwatch);
  assert.deepEqual(stringsOf(request), ["/a", token]);
  server().event("/a/late", token);
  server().reply(request, ["OK"]);
  await closed;
  await settle();
  assert.deepEqual(end.value, { value: undefined, done: true });
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("leaving the loop closes the watch", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  const token = await acceptWatch(server(), watch);
  server().event("/a", token);
  const looped = (async () => {
    for await (const event of watch) return event.path;
    return undefined;
  })();
  const request = await server().next();
  assert.equal(request.type, MessageType.unwatch);
  server().fail(request, "ENOENT");
  assert.equal(await looped, "/a");
  await client.close();
});

test("a refused watch rejects ready and throws in the loop", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a b");
  server().fail(await server().next(), "EINVAL");
  await assert.rejects(watch.ready, { code: "EINVAL", message: /Cannot watch "\/a b"/ });
  await assert.rejects(take(watch, 1), { code: "EINVAL" });
  await watch.close();
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("a refused watch that nobody listens to is no unhandled rejection", async () => {
  const { client, server } = await openHarness();
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  client.watch("/a b");
  server().fail(await server().next(), "EINVAL");
  await settle();
  await settle();
  process.off("unhandledRejection", listen);
  assert.deepEqual(unhandled, []);
  await client.close();
});

test("closing the client ends the iterations of its watches", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  await acceptWatch(server(), watch);
  const end = follow(watch[Symbol.asyncIterator]().next());
  await settle();
  await client.close();
  await settle();
  assert.deepEqual(end.value, { value: undefined, done: true });
});

test("resetWatches ends the iterations of the watches there are", async () => {
  const { client, server } = await openHarness();
  const watch = client.watch("/a");
  await acceptWatch(server(), watch);
  const reset = client.resetWatches();
  server().reply(await server().next(), ["OK"]);
  await reset;
  assert.deepEqual(await watch[Symbol.asyncIterator]().next(), { value: undefined, done: true });
  assert.equal(server().requests.length, 0);
  await client.close();
});
