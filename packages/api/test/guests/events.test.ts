import assert from "node:assert/strict";
import test, { after, type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Change } from "@nova-agent/host";
import { type ApiServer, serve } from "../../src/serve.ts";
import { EVENT_STREAMS_PER_SESSION_MAX, EVENTS_BEAT_MS, EVENTS_REPLAYED_MAX } from "../../src/limits.ts";
import { byPassword, passwords, startCloud, tokenOf } from "../support/cloud.ts";
import { EventClient } from "./event-client.ts";

const cloud = await startCloud(after);
const { app, changes, database } = cloud;

/** So many published changes that no buffer of a connection holds them. */
const FLOOD = 500_000;

async function startServer(t: TestContext): Promise<ApiServer> {
  const server = await serve({ api: app, port: 0, hasDemoCredentials: true });
  t.after(() => server.close());
  return server;
}

async function tokenFor(name: "alice" | "bob" = "alice", project = "demo"): Promise<string> {
  return tokenOf(await cloud.authenticate(byPassword(name, passwords[name], project)));
}

/** Follows the events at a server of its own. */
async function follow(
  t: TestContext,
  { token, ...headers }: { readonly token?: string; readonly "Last-Event-ID"?: string } = {},
  query = "",
): Promise<EventClient> {
  const { url } = await startServer(t);
  const own = { "X-Auth-Token": token ?? (await tokenFor()), ...headers };
  return await EventClient.open(`${url}/guests/v1/events${query}`, own);
}

function publish(id: string, project = "demo", kind: Change["kind"] = "operation"): void {
  changes.publish({ kind, instanceId: `vm-${project}`, projectId: `p-${project}`, id });
}

/** Where the feed is. */
function position(): string {
  const subscription = changes.subscribe(() => undefined);
  subscription.close();
  return subscription.position;
}

/** How often a change was published so far. */
function number(): number {
  return Number(position().replace("cloud-", ""));
}

async function nobodyListens(): Promise<void> {
  while (changes.listenerCount > 0) await setImmediate();
}

test("a client is told at once what changes of its project's servers, and no more", async (t) => {
  const client = await follow(t);
  assert.equal(client.headers["content-type"], "text/event-stream");
  assert.equal(client.headers["cache-control"], "no-store");
  assert.equal(client.headers["x-accel-buffering"], "no");
  assert.equal((await client.next())?.retry, "1000");
  const begun = number();
  assert.deepEqual(await client.take(1), [`ready cloud-${begun}`]);
  await database.instances.update("vm-demo", { name: "renamed" });
  await database.instances.update("vm-other", { name: "theirs" });
  publish("op-1");
  publish("req-1", "demo", "action");
  assert.deepEqual(await client.take(3), [
    `cloud-${begun + 1} server vm-demo vm-demo`,
    `cloud-${begun + 3} operation vm-demo op-1`,
    `cloud-${begun + 4} action vm-demo req-1`,
  ]);
});

test("a browser follows with its cookie", async (t) => {
  const { url } = await startServer(t);
  const cookie = { Cookie: `nova-session=${await tokenFor()}` };
  const client = await EventClient.open(`${url}/guests/v1/events`, cookie);
  assert.deepEqual(await client.take(1), [`ready ${position()}`]);
  assert.equal((await fetch(`${url}/guests/v1/events`)).status, 401);
});

test("who comes back is told of what was missed, of each thing once, and goes on", async (t) => {
  const from = position();
  const begun = number();
  for (const id of ["op-a", "op-b", "op-a"]) publish(id);
  publish("op-c", "other");
  const client = await follow(t, { "Last-Event-ID": from });
  publish("op-d");
  assert.deepEqual(await client.take(4), [
    `ready ${from}`,
    `cloud-${begun + 2} operation vm-demo op-b`,
    `cloud-${begun + 3} operation vm-demo op-a`,
    `cloud-${begun + 5} operation vm-demo op-d`,
  ]);
});

test("who has been away for too long, or comes from another process, reads everything anew", async (t) => {
  for (const after of ["earlier-3", "cloud-999999999", "nonsense"]) {
    const client = await follow(t, { "Last-Event-ID": after });
    assert.deepEqual(await client.take(1), [`reset ${position()}`], after);
  }
  const from = position();
  for (let count = 0; count <= EVENTS_REPLAYED_MAX; count += 1) publish(`op-${count}`);
  const client = await follow(t, { "Last-Event-ID": from });
  publish("op-new");
  assert.deepEqual(await client.take(2), [
    `reset cloud-${number() - 1}`,
    `${position()} operation vm-demo op-new`,
  ]);
});

test("each beat says that the stream goes on, and from where", async (t) => {
  const client = await follow(t);
  await client.take(1);
  for (let count = 0; count < 2; count += 1) {
    publish("op", "other");
    cloud.advance(EVENTS_BEAT_MS);
    assert.deepEqual(await client.take(1), [`beat ${position()}`]);
  }
});

test("a stream ends at the beat after its token's end", async (t) => {
  const ends = [
    async (token: string) => database.identity.revokeToken(token),
    async () => database.identity.setEnabled("u-bob", false),
  ];
  for (const end of ends) {
    const token = await tokenFor("bob", "other");
    const client = await follow(t, { token });
    await client.take(1);
    await end(token);
    cloud.advance(EVENTS_BEAT_MS);
    assert.equal(await client.next(), undefined);
  }
  await nobodyListens();
  await database.identity.setEnabled("u-bob", true);
});

test("a stream ends in good order when the service closes", async (t) => {
  const server = await startServer(t);
  const client = await EventClient.open(`${server.url}/guests/v1/events`, {
    "X-Auth-Token": await tokenFor(),
  });
  await client.take(1);
  const closed = server.close();
  // A connection that is broken throws.
  assert.equal(await client.next(), undefined);
  await closed;
  await nobodyListens();
});

test("who hangs up is heard of no more", async (t) => {
  const client = await follow(t);
  await client.take(1);
  assert.equal(changes.listenerCount, 1);
  client.close();
  await nobodyListens();
});

test("a client that does not read is ended, and the others go on", { timeout: 60_000 }, async (t) => {
  const deaf = await follow(t);
  const other = await follow(t, { token: await tokenFor("bob", "other") });
  await Promise.all([deaf.take(1), other.take(1)]);
  const begun = number();
  while (changes.listenerCount === 2 && number() - begun < FLOOD) {
    publish("op");
    // Its connection takes what it can.
    if (number() % 64 === 0) await setImmediate();
  }
  assert.equal(changes.listenerCount, 1);
  await assert.rejects(async () => {
    while ((await deaf.next()) !== undefined);
  });
  publish("op", "other");
  assert.deepEqual(await other.take(1), [`${position()} operation vm-other op`]);
});

test("as many streams as there may be are no leak to warn of", async (t) => {
  const { url } = await startServer(t);
  const warnings: string[] = [];
  const onWarning = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  for (const token of [await tokenFor(), await tokenFor()]) {
    for (let count = 0; count < EVENT_STREAMS_PER_SESSION_MAX; count += 1) {
      await EventClient.open(`${url}/guests/v1/events`, { "X-Auth-Token": token });
    }
  }
  await setImmediate();
  assert.deepEqual(warnings, []);
});

test("a session has so many streams, and gets the place of one that has ended", async (t) => {
  const { url } = await startServer(t);
  const headers = { "X-Auth-Token": await tokenFor() };
  const address = `${url}/guests/v1/events`;
  const clients: EventClient[] = [];
  while (clients.length < EVENT_STREAMS_PER_SESSION_MAX)
    clients.push(await EventClient.open(address, headers));
  const refused = await fetch(address, { headers });
  assert.equal(refused.status, 429);
  assert.match(await refused.text(), /at most 8 streams/);
  const listening = changes.listenerCount;
  clients[0]?.close();
  while (changes.listenerCount === listening) await setImmediate();
  await EventClient.open(address, headers);
});

test("what is asked without wanting an answer's body takes no place", async (t) => {
  const { url } = await startServer(t);
  await nobodyListens();
  const headers = { "X-Auth-Token": await tokenFor() };
  for (let count = 0; count <= EVENT_STREAMS_PER_SESSION_MAX; count += 1) {
    assert.equal((await fetch(`${url}/guests/v1/events`, { method: "HEAD", headers })).status, 200);
  }
  assert.equal(changes.listenerCount, 0);
});

test("administrators may follow all projects, and nobody else", async (t) => {
  const { url } = await startServer(t);
  const headers = { "X-Auth-Token": await tokenFor() };
  const refused = await fetch(`${url}/guests/v1/events?all_projects=true`, { headers });
  assert.equal(refused.status, 403);
  await database.identity.grant({ userId: "u-bob", projectId: "p-demo", role: "admin" });
  const client = await follow(t, { token: await tokenFor("bob", "demo") }, "?all_projects=true");
  await client.take(1);
  publish("op-1", "other");
  publish("op-2", "demo");
  assert.deepEqual(
    (await client.take(2)).map((line) => line.replace(/^cloud-\d+ /, "")),
    ["operation vm-other op-1", "operation vm-demo op-2"],
  );
});
