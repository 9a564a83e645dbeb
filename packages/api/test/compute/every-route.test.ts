import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { computeRoutes } from "../../src/compute/index.ts";
import type { Route } from "../../src/route.ts";
import { type Named, sampleBody, samplePath } from "./support/sample-requests.ts";
import { type TestProject, World } from "./support/world.ts";

const RUNS = 600;
const world = await World.open();
const { database, instances } = world;
const routes = computeRoutes({ database, instances, newId: () => "1", now: () => new Date(0) });

/** A server with everything that paths name. */
async function furnish(project: TestProject, number = 1): Promise<Named> {
  const instance = await project.add(number);
  const port = await project.addPort(instance, { id: `port-${instance.id}`, mac: instance.id, fixedIps: [] });
  const requestId = `req-${instance.id}`;
  const requester = { userId: "u1", projectId: project.id, roles: [], requestId };
  await database.actions.begin(requester, { instanceId: instance.id, action: "create" });
  const times = { createdAt: new Date(0), fingerprint: "00" };
  const keyPair = {
    userId: `${project.id}-alice`,
    name: `key-${number}`,
    publicKey: "ssh-rsa AAAA",
    ...times,
  };
  await database.inventory.insertKeyPair(keyPair);
  return { instance, port, keyPair, requestId };
}

function versionOf({ microversions: { from, to } }: Route): number {
  return from ?? to ?? 90;
}

test("every route is reached with success", async () => {
  world.instances.console = "login:";
  for (const route of routes) {
    const project = world.project();
    const path = samplePath(route, await furnish(project));
    const { status, body } = await project.ask(path, {
      method: route.method,
      body: sampleBody(route),
      version: versionOf(route),
      as: route.access === "admin" ? "admin" : "member",
    });
    assert.ok(status >= 200 && status < 300, `${route.name}: ${status} ${JSON.stringify(body)}`);
  }
});

test("no route is open without a token, and none that changes something to readers", async () => {
  const project = world.project();
  const named = await furnish(project);
  for (const route of routes) {
    const call = { method: route.method, body: sampleBody(route), version: versionOf(route) };
    const path = samplePath(route, named);
    assert.equal((await project.ask(path, { ...call, as: "nobody" })).status, 401, route.name);
    const { status } = await project.ask(path, { ...call, as: "reader" });
    assert.equal(status === 403, route.access !== "reader", route.name);
    assert.equal(
      route.access === "reader",
      route.method === "GET" && route.name !== "listZonesDetailed",
      route.name,
    );
  }
});

test("no route tells another project of a server", async () => {
  const project = world.project();
  const named = await furnish(project);
  world.instances.asked = [];
  const ofServers = routes.filter(({ path }) => path.includes("/servers/:id"));
  assert.ok(ofServers.length > 30);
  for (const route of ofServers) {
    const call = { method: route.method, body: sampleBody(route), version: versionOf(route) };
    const { status, body } = await project.ask(samplePath(route, named), { ...call, as: "other" });
    assert.equal(status, 404, route.name);
    assert.equal(body.itemNotFound.message, `Instance ${named.instance.id} could not be found.`);
  }
  assert.deepEqual(world.instances.asked, []);
});

/** A value of any kind, among them those that programs stumble over. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom<unknown>("", "\0", "__proto__", -1, 1e308, null, [], {}, "9".repeat(400), "\uD800"),
);

const query = fc.dictionary(
  fc.constantFrom(
    "limit",
    "marker",
    "status",
    "name",
    "sort_key",
    "sort_dir",
    "changes-since",
    "deleted",
    "minRam",
  ),
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("1", "ACTIVE", "name", "desc", "2026-01-01", "9999999999"),
  ),
);

const request = fc.constantFrom(...routes).chain((route) =>
  fc.record({
    route: fc.constant(route),
    body: oddBody(route),
    query,
    oddParameter: fc.option(fc.string({ unit: "binary", minLength: 1 }), { freq: 4 }),
    version: fc.option(fc.integer({ min: 1, max: 90 })),
    as: fc.constantFrom("member", "member", "reader", "admin", "other"),
  }),
);

test("whatever a request holds, no answer is a server's error", async () => {
  const project = world.project();
  const serial = { last: 0 };
  await fc.assert(
    fc.asyncProperty(request, async ({ route, body, query, oddParameter, version, as }) => {
      const named = await furnish(project, (serial.last += 1));
      const path = samplePath(
        oddParameter === null ? route : { ...route, path: spoilPath(route, oddParameter) },
        named,
      );
      const { status, body: answer } = await project.ask(`${path}?${new URLSearchParams(query).toString()}`, {
        method: route.method,
        body: route.method === "GET" ? undefined : body,
        version: version ?? versionOf(route),
        as,
      });
      assert.ok(status < 500, `${route.name}: ${status} ${JSON.stringify(answer)}`);
    }),
    { numRuns: RUNS },
  );
});

/** The body that a route takes, the same with one place of it changed, or anything else. */
function oddBody(route: Route): fc.Arbitrary<unknown> {
  const sample = sampleBody(route);
  if (sample === undefined) return odd;
  const spoilt = fc.tuple(fc.nat(), odd).map(([place, value]) => spoil(sample, { place, value }));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(sample) },
    { weight: 4, arbitrary: spoilt },
    { weight: 1, arbitrary: odd },
  );
}

/** The value with one of its places replaced. */
function spoil(sample: unknown, change: { readonly place: number; readonly value: unknown }): unknown {
  if (typeof sample !== "object" || sample === null) return change.value;
  const entries = Object.entries(sample);
  const chosen = entries[change.place % (entries.length + 1)];
  if (chosen === undefined) return change.value;
  const [key, inner] = chosen;
  const spoilt = spoil(inner, { ...change, place: Math.floor(change.place / (entries.length + 1)) });
  return Array.isArray(sample)
    ? sample.map((element, index) => (String(index) === key ? spoilt : (element as unknown)))
    : { ...sample, [key]: spoilt };
}

/** The last parameter of a path replaced. */
function spoilPath({ path }: Route, text: string): string {
  // Lone surrogates are no part of an address.
  return path.replace(/:\w+(?!.*:)/, () => encodeURIComponent(Buffer.from(text).toString()));
}
