import assert from "node:assert/strict";
import test from "node:test";
import { sightOf } from "@nova-agent/host/testing";
import { fleetRoutes } from "../../src/guests/fleet/fleet-routes.ts";
import { FLEET_WINDOW_HOURS } from "../../src/guests/limits.ts";
import { idOf, rescueImage } from "../compute/support/samples.ts";
import { NOW, objectOf, openGuests } from "./support/guests-world.ts";

const { database, ask, add, addOperation, observation } = await openGuests((options) =>
  fleetRoutes({ ...options, hostName: "xen-1" }),
);
await database.inventory.insertImage({ ...rescueImage, id: idOf(902), name: "bare", hasAgent: false });
await add(1, { agentSeenAt: NOW, agentVersion: "3.0.0" });
await add(2, { agentSeenAt: NOW, agentVersion: "3.0.0", agentSilentSince: NOW, name: "db", projectId: "p2" });
await add(3, { imageId: idOf(902), agentVersion: null, name: "old" });
await add(4, { vmState: "stopped", agentVersion: "1.39.1" });
observation.sights.set(idOf(1), sightOf({}));
observation.foreign = [
  { domid: 8, uuid: undefined },
  { domid: 9, uuid: "somebody-elses" },
];

async function askFleet(): Promise<Record<string, unknown>> {
  return objectOf(await ask("/fleet", "admin"), "fleet");
}

test("the fleet is for administrators, and of all projects", async () => {
  assert.equal((await ask("/fleet", "member")).status, 403);
  const { host, servers, agents } = await askFleet();
  assert.deepEqual(host, { name: "xen-1", domains: 3, domains_unknown: 2 });
  assert.deepEqual(servers, {
    total: 4,
    by_status: { ACTIVE: 3, SHUTOFF: 1 },
    by_health: { off: 1, none: 1, silent: 1, healthy: 1 },
  });
  assert.deepEqual(agents, [
    { version: "3.0.0", count: 2 },
    { version: "1.39.1", count: 1 },
    { version: null, count: 1 },
  ]);
});

test("servers without an agent that answers are named, with why", async () => {
  const named = (await askFleet())["without_agent"] as readonly Record<string, unknown>[];
  assert.deepEqual(
    named.map(({ id, name }) => [id, name]),
    [
      [idOf(3), "old"],
      [idOf(2), "db"],
    ],
  );
  assert.match(String(named[0]?.["reason"]), /^The image bare has no agent/);
});

function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

test("the operations of a day are counted by kind and hour, and the slowest are named", async () => {
  const ended = { state: "done", createdAt: minutesAgo(90), updatedAt: minutesAgo(89) } as const;
  await addOperation(1, ended);
  await addOperation(2, { ...ended, state: "failed", createdAt: minutesAgo(91) });
  await addOperation(3, { createdAt: minutesAgo(1) });
  await addOperation(4, { state: "taken", createdAt: minutesAgo(1) });
  await addOperation(5, { ...ended, createdAt: minutesAgo(60 * 48) });
  const { operations, connector } = await askFleet();
  assert.deepEqual(connector, { state: "connected", since: null, queued: 1, under_way: 1 });
  const {
    window_hours: hours,
    by_kind: byKind,
    by_hour: byHour,
    slowest,
  } = operations as {
    readonly window_hours: number;
    readonly by_kind: unknown;
    readonly by_hour: readonly { readonly at: string }[];
    readonly slowest: readonly Record<string, unknown>[];
  };
  assert.equal(hours, FLEET_WINDOW_HOURS);
  const counts = { done: 1, failed: 1, timed_out: 0 };
  assert.deepEqual(byKind, [{ kind: "password", ...counts, median_ms: 60_000, p95_ms: 60_000 }]);
  assert.equal(byHour.length, FLEET_WINDOW_HOURS);
  assert.equal(byHour.at(-1)?.at, "2026-01-02T04:00:00.000Z");
  assert.deepEqual(byHour.at(-3), { at: "2026-01-02T02:00:00.000Z", done: 1, failed: 1 });
  assert.deepEqual(slowest[0], {
    id: idOf(602),
    kind: "password",
    server_id: idOf(2),
    server_name: "db",
    duration_ms: 120_000,
    state: "failed",
    created_at: minutesAgo(91).toISOString(),
  });
});

test("a host whose XenStore is lost tells so, and is not asked for its domains", async () => {
  observation.state = { state: "lost", since: NOW };
  const { host, connector } = await askFleet();
  assert.deepEqual(host, { name: "xen-1", domains: 0, domains_unknown: 0 });
  const { state, since } = connector as Readonly<Record<string, unknown>>;
  assert.deepEqual([state, since], ["lost", NOW.toISOString()]);
});
