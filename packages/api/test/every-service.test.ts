import assert from "node:assert/strict";
import test, { after } from "node:test";
import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import type { Role } from "@nova-agent/host";
import { sampleInstance } from "@nova-agent/host/testing";
import { arbitraryOf, type Schema, textOf } from "./support/arbitrary-of-schema.ts";
import { byPassword, passwords, startCloud, tokenOf } from "./support/cloud.ts";

const RUNS = 400;
const cloud = await startCloud(after);
const { app, database } = cloud;

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
  readonly "x-routes": readonly { readonly name: string }[];
}

interface Place extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Every operation of the document that the API serves of itself. */
async function readDocument(): Promise<readonly Place[]> {
  const { paths } = (await (await app.request("/openapi.json")).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  );
}

const serverId = "00000000-0000-4000-8000-000000000001";
interface Sample {
  readonly path?: string;
  readonly body?: object;
  readonly endsToken?: boolean;
  /** As one that reads does, whatever its method. */
  readonly changesNothing?: boolean;
  readonly isForAdmins?: boolean;
}

/** A request that each route outside of Compute answers with success, by the route's name. */
const samples: Readonly<Record<string, Sample>> = {
  createToken: { body: { auth: byPassword("alice", passwords.alice) } },
  showOwnUser: { path: "/identity/v3/users/u-alice" },
  listProjectsOfOwnUser: { path: "/identity/v3/users/u-alice/projects" },
  showOwnProject: { path: "/identity/v3/projects/p-demo" },
  listApplicationCredentials: { path: "/identity/v3/users/u-alice/application_credentials" },
  createApplicationCredential: {
    path: "/identity/v3/users/u-alice/application_credentials",
    body: { application_credential: { name: "new" } },
  },
  showApplicationCredential: { path: "/identity/v3/users/u-alice/application_credentials/c-1" },
  deleteApplicationCredential: { path: "/identity/v3/users/u-alice/application_credentials/c-1" },
  showImage: { path: "/image/v2/images/i-1" },
  showNetwork: { path: "/network/v2.0/networks/n-demo" },
  showPort: { path: "/network/v2.0/ports/port-demo" },
  createPort: { body: { port: { network_id: "n-demo" } } },
  deletePort: { path: "/network/v2.0/ports/free" },
  listActivity: { path: `/guests/v1/servers/${serverId}/activity` },
  showGuestReport: { path: `/guests/v1/servers/${serverId}/report` },
  showGuestNetwork: { path: `/guests/v1/servers/${serverId}/network` },
  previewNetwork: {
    changesNothing: true,
    path: `/guests/v1/servers/${serverId}/network/preview`,
    body: { attach: { network_id: "n-demo" } },
  },
  listFindings: { path: `/guests/v1/servers/${serverId}/findings` },
  examineServer: { path: `/guests/v1/servers/${serverId}/examination` },
  showFleet: { isForAdmins: true },
  showGuestServer: { path: `/guests/v1/servers/${serverId}` },
  createSession: { body: { name: "alice", password: passwords.alice } },
  deleteSession: { endsToken: true },
  changeProjectOfSession: { body: { id: "p-other" }, endsToken: true },
  showOperation: { path: "/operations/v1/operations/op-1" },
};

/** What was answered, but a stream, which has no end. */
async function textOfAnswer(response: Response): Promise<string> {
  if (response.headers.get("content-type") !== "text/event-stream") return response.text();
  await response.body?.cancel();
  return "a stream";
}

/** Puts a server and one of its operations in, and gets a token of a member of its project. */
async function prepare(): Promise<string> {
  if ((await database.instances.find(serverId)) === undefined) {
    const ids = { id: serverId, projectId: "p-demo", userId: "u-alice" };
    await database.instances.insert(sampleInstance({ ...ids, imageId: "i-1", flavorId: "f-1" }));
    const at = new Date("2025-12-01T00:00:00Z");
    const asked = { ...ids, id: "op-1", instanceId: serverId, kind: "version", requestId: "req-1" } as const;
    const times = { createdAt: at, updatedAt: at, deadlineAt: at };
    const outcome = {
      state: "queued",
      attempts: 0,
      timeline: [],
      returncode: null,
      message: null,
      error: null,
    } as const;
    await database.operations.insert({ ...asked, ...times, ...outcome });
  }
  return tokenOf(await cloud.authenticate(byPassword("alice", passwords.alice)));
}

/** Puts in what requests of the samples take away. */
async function furnish(): Promise<void> {
  const ids = { id: "c-1", name: "c-1", userId: "u-alice", projectId: "p-demo" };
  const credential = { ...ids, description: "", roles: ["member"], expiresAt: undefined } as const;
  await database.identity.removeCredential(credential.id);
  await database.identity.createCredential(credential, "secret");
  const free = { id: "free", networkId: "n-demo", mac: "00:16:3e:00:00:0f", fixedIps: [] };
  await database.instances.removeFreePort(free.id);
  await database.instances.insertFreePort({ ...free, projectId: "p-demo", name: "" });
}

async function subnetPath(): Promise<string> {
  const { subnets } = (await (await cloud.get("/network/v2.0/subnets")).json()) as {
    readonly subnets: readonly { readonly id: string }[];
  };
  return `/network/v2.0/subnets/${subnets[0]?.id}`;
}

async function anotherToken(token: string, roles?: readonly Role[]): Promise<string> {
  const scope = await database.identity.findToken(token);
  assert.ok(scope !== undefined);
  return database.identity.issueToken({ ...scope, roles: roles ?? scope.roles });
}

/** Every change leaves a row in the audit, by the id of its request. */
async function assertAudited(response: Response, what: string): Promise<void> {
  const requestId = response.headers.get("x-openstack-request-id");
  const row = (await database.audit.list({ limit: 9 })).find((one) => one.requestId === requestId);
  const { userId, projectId, outcome } = row ?? {};
  assert.deepEqual([row?.what, userId, projectId, outcome], [what, "u-alice", "p-demo", "done"]);
}

test("every route of the document outside of Compute is reached with success", async () => {
  const token = await prepare();
  await furnish();
  const known = new Map(Object.entries({ ...samples, showSubnet: { path: await subnetPath() } }));
  const others = (await readDocument()).filter(({ path }) => !path.startsWith("/compute/v2.1/"));
  for (const { method, path, "x-routes": routes } of others) {
    for (const { name } of routes) {
      // A token that is revoked is one of its own.
      const subject = await anotherToken(token);
      const sample: Sample = known.get(name) ?? {};
      const body = sample.body === undefined ? {} : { body: JSON.stringify(sample.body) };
      const admin = sample.isForAdmins === true ? await anotherToken(token, ["admin"]) : token;
      const own = sample.endsToken === true ? subject : admin;
      const headers = { "X-Auth-Token": own, "X-Subject-Token": subject };
      const response = await app.request(sample.path ?? path, { method, headers, ...body });
      const text = await textOfAnswer(response);
      assert.ok(response.status < 400, `${name}: ${response.status} ${text}`);
      assert.equal(cloud.answered.at(-1)?.route, name);
      const isChange = method !== "GET" && sample.changesNothing !== true;
      if (isChange && !/\/tokens$|\/preview$|^\/session/.test(path)) await assertAudited(response, name);
    }
  }
  assert.ok(others.length > 25);
});

test("what is another project's, or another user's, is not there", async () => {
  await prepare();
  await furnish();
  const bob = tokenOf(await cloud.authenticate(byPassword("bob", passwords.bob, "other")));
  const own = places(await subnetPath());
  for (const [method, path, expected] of own) {
    const response = await app.request(path, { method, headers: { "X-Auth-Token": bob } });
    assert.equal(response.status, expected, `${method} ${path}`);
    assert.doesNotMatch(await response.text(), /00:16:3e|198\.51\.100|Of the builds/, path);
  }
  const body = JSON.stringify({ port: { network_id: "n-demo" } });
  const request = { method: "POST", headers: { "X-Auth-Token": bob }, body };
  assert.equal((await app.request("/network/v2.0/ports", request)).status, 400);
  assert.ok((await database.instances.findFreePort("free")) !== undefined);
  assert.ok((await database.instances.findPort("port-demo")) !== undefined);
  assert.equal((await database.identity.credentials("u-alice")).length > 0, true);
});

/** What is alice's or her project's, and what others are answered. */
function places(subnet: string): readonly (readonly [method: string, path: string, status: number])[] {
  return [
    ["GET", subnet, 404],
    ["GET", "/network/v2.0/networks/n-demo", 404],
    ["GET", "/network/v2.0/ports/port-demo", 404],
    ["GET", "/network/v2.0/ports/free", 404],
    ["DELETE", "/network/v2.0/ports/port-demo", 404],
    ["DELETE", "/network/v2.0/ports/free", 404],
    ["GET", "/operations/v1/operations/op-1", 404],
    ["GET", "/identity/v3/projects/p-demo", 404],
    ["GET", "/identity/v3/users/u-alice", 403],
    ["GET", "/identity/v3/users/u-alice/projects", 403],
    ["GET", "/identity/v3/users/u-alice/application_credentials", 403],
    ["GET", "/identity/v3/users/u-alice/application_credentials/c-1", 403],
    ["DELETE", "/identity/v3/users/u-alice/application_credentials/c-1", 403],
    ["GET", `/compute/v2.1/servers/${serverId}`, 404],
    ["DELETE", `/compute/v2.1/servers/${serverId}`, 404],
  ];
}

const names = ["u-alice", "p-demo", "i-1", "f-1", "n-demo", "port-demo", "free", "c-1", "op-1", "member"];
const known = [...names, serverId, "alice", passwords.alice, "public", "web", "default"];

function requestTo(place: Place) {
  const parameters = place.parameters.map(({ name, schema, in: where }) => {
    const value = where === "path" ? textOf(known) : arbitraryOf(schema, known);
    return [name, where === "path" ? value : fc.option(value, { nil: undefined })] as const;
  });
  const schema = place.requestBody?.content["application/json"].schema;
  return fc.record({
    place: fc.constant(place),
    parameters: fc.record(Object.fromEntries(parameters)),
    body: schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, known),
    version: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
    hasToken: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  });
}

test("whatever requests the document describes, no answer is a server's error", async () => {
  const token = await prepare();
  const request = fc.constantFrom(...(await readDocument())).chain(requestTo);
  await fc.assert(
    fc.asyncProperty(request, async ({ place, parameters, body, version, hasToken }) => {
      await furnish();
      // The database answers without leaving its turn; whatever else goes on gets one now.
      await setImmediate();
      const response = await app.request(addressOf(place, parameters), {
        method: place.method,
        headers: {
          // There are requests that end it.
          ...(hasToken ? { "X-Auth-Token": await anotherToken(token), "X-Subject-Token": "none" } : {}),
          ...(version === undefined ? {} : { "OpenStack-API-Version": `compute 2.${version}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(response.status < 500, `${response.status} ${await textOfAnswer(response)}`);
    }),
    { numRuns: RUNS },
  );
  const reached = new Set(cloud.answered.filter(({ status }) => status < 300).map(({ route }) => route));
  assert.ok(reached.size > 30, [...reached].join(", "));
});

function addressOf(
  { path, parameters: described }: Place,
  values: Readonly<Record<string, unknown>>,
): string {
  const query = new URLSearchParams();
  for (const { name, in: where } of described) {
    const value = values[name];
    if (where === "query" && value !== undefined) query.append(name, textIn(value));
  }
  const place = path.replaceAll(/\{(\w+)\}/gu, (_whole, name: string) =>
    encodeURIComponent(textIn(values[name])),
  );
  return `${place}?${query.toString()}`;
}

/** Lone surrogates are no part of an address. */
function textIn(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString();
}
