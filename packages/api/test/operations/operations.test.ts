import assert from "node:assert/strict";
import test, { after } from "node:test";
import type { Operation } from "@nova-agent/host";
import { openDatabase } from "@nova-agent/host/database";
import { pgliteInMemory } from "@nova-agent/testbed";
import { operationRoutes } from "../../src/operations/index.ts";
import { fakeTokens, scopeOf } from "../support/fake-identity.ts";
import { as, testApp } from "../support/test-app.ts";

const SECRET = "Planted-hunter2-9f3a";

const later = (): Date => new Date("2026-01-01T00:00:09.250Z");
const database = await openDatabase({ ...pgliteInMemory(), now: later });

const { app } = testApp(operationRoutes(database), {
  service: { name: "operations", prefix: "/operations/v1", faults: "identity", hasMicroversions: false },
  identity: fakeTokens({
    reader: scopeOf({ roles: ["reader"] }),
    other: scopeOf({ project: { id: "p2", name: "other", isEnabled: true } }),
    admin: scopeOf({ project: { id: "p3", name: "operators", isEnabled: true }, roles: ["admin"] }),
    unscoped: scopeOf({ project: undefined, roles: [] }),
  }),
});

function operationOf(number: number, changes: Partial<Operation> = {}): Operation {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, number));
  return {
    id: `00000000-0000-4000-8000-00000000000${number}`,
    instanceId: "i1",
    kind: "password",
    requestId: "req-1",
    userId: "u1",
    projectId: "p1",
    state: "queued",
    attempts: 0,
    createdAt: at,
    updatedAt: at,
    deadlineAt: new Date(at.getTime() + 30_000),
    timeline: [{ at, state: "queued", text: "asked for" }],
    returncode: null,
    message: null,
    error: null,
    ...changes,
  };
}

const failed = operationOf(1);
const waiting = operationOf(2, { instanceId: "i2", requestId: "req-2", kind: "version" });
const foreign = operationOf(3, { projectId: "p2", instanceId: "i3" });
await database.operations.insert(failed, new TextEncoder().encode(SECRET));
await database.operations.insert(waiting, new TextEncoder().encode(SECRET));
await database.operations.insert(foreign);
await database.operations.note(failed.id, {
  state: "failed",
  text: "the guest refused",
  attempts: 1,
  returncode: "1",
  message: "no such user",
  error: { code: "GUEST_REFUSED", message: "The guest refused: no such user" },
});
// Said last: node:test also ends what it was told of when it has no test to run for the moment.
after(() => database.close());

async function ids(query: string, token = "reader"): Promise<readonly string[]> {
  const response = await app.request(`/operations/v1/operations${query}`, as(token));
  assert.equal(response.status, 200, await response.clone().text());
  const { operations } = (await response.json()) as { operations: { id: string }[] };
  return operations.map(({ id }) => id);
}

test("a project lists its own operations, the newest first, and an admin all", async () => {
  assert.deepEqual(await ids(""), [waiting.id, failed.id]);
  assert.deepEqual(await ids("", "other"), [foreign.id]);
  assert.deepEqual(await ids("", "admin"), [foreign.id, waiting.id, failed.id]);
  assert.deepEqual(await ids("?instance=i3"), []);
});

test("operations are found by instance, request and whether they are finished", async () => {
  assert.deepEqual(await ids("?instance=i2"), [waiting.id]);
  assert.deepEqual(await ids("?request=req-1"), [failed.id]);
  assert.deepEqual(await ids("?is_finished=true"), [failed.id]);
  assert.deepEqual(await ids("?is_finished=False"), [waiting.id]);
  assert.deepEqual(await ids("?limit=1"), [waiting.id]);
});

test("a filter that says nothing is refused by its name", async () => {
  for (const query of ["is_finished=perhaps", "limit=0", "limit=many"]) {
    const response = await app.request(`/operations/v1/operations?${query}`, as("reader"));
    assert.equal(response.status, 400);
    assert.match(await response.text(), new RegExp(query.replace(/=.*/u, ""), "u"));
  }
});

test("an operation is shown with its timeline and without what was sealed", async () => {
  const response = await app.request(`/operations/v1/operations/${failed.id}`, as("reader"));
  const text = await response.text();
  assert.equal(text.includes(SECRET), false);
  assert.deepEqual(JSON.parse(text), {
    operation: {
      id: failed.id,
      instance_id: "i1",
      kind: "password",
      state: "failed",
      is_finished: true,
      attempts: 1,
      request_id: "req-1",
      user_id: "u1",
      project_id: "p1",
      created_at: "2026-01-01T00:00:01.000Z",
      updated_at: "2026-01-01T00:00:09.250Z",
      deadline_at: "2026-01-01T00:00:31.000Z",
      returncode: "1",
      message: "no such user",
      error: { code: "GUEST_REFUSED", message: "The guest refused: no such user" },
      timeline: [
        { at: "2026-01-01T00:00:01.000Z", state: "queued", text: "asked for" },
        { at: "2026-01-01T00:00:09.250Z", state: "failed", text: "the guest refused" },
      ],
    },
  });
});

test("another project's operation is as one that is not there", async () => {
  const path = `/operations/v1/operations/${foreign.id}`;
  const [hidden, absent] = [
    await app.request(path, as("reader")),
    await app.request(`${path}0`, as("reader")),
  ];
  assert.deepEqual([hidden.status, absent.status], [404, 404]);
  assert.equal((await app.request(path, as("admin"))).status, 200);
});

test("nobody reads operations without a token for a project", async () => {
  assert.equal((await app.request("/operations/v1/operations")).status, 401);
  assert.equal((await app.request("/operations/v1/operations", as("unscoped"))).status, 403);
});
