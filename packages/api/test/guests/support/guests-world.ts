import assert from "node:assert/strict";
import { after } from "node:test";
import type { GuestFinding, Instance, Operation, Port } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { FakeObservation } from "@nova-agent/host/testing";
import { pgliteInMemory } from "@nova-agent/testbed";
import type { Api } from "../../../src/app.ts";
import type { GuestsOptions } from "../../../src/guests/guests-options.ts";
import type { Route } from "../../../src/route.ts";
import { FakeInstances } from "../../compute/support/fake-instances.ts";
import {
  debian,
  idOf,
  instanceOf,
  portOf,
  publicNet,
  rescueImage,
  small,
} from "../../compute/support/samples.ts";
import { fakeTokens, scopeOf } from "../../support/fake-identity.ts";
import { as, testApp } from "../../support/test-app.ts";

/** The time at which everything is asked. */
export const NOW = new Date("2026-01-02T04:00:00.000Z");

/** An answer with its JSON. */
export interface Answer {
  readonly status: number;
  // Tests compare it whole, or as far as they look into it.
  readonly body: Record<string, unknown>;
}

/** Routes of the service `guests` on a database with a flavor, two images and a network. */
export interface GuestsWorld {
  readonly database: Database;
  readonly instances: FakeInstances;
  readonly observation: FakeObservation;
  /** What the doctors of all guests answer. */
  readonly doctor: { readonly asked: number; answer: () => Promise<readonly GuestFinding[]> };
  readonly app: Api;
  /** Asks as member, reader or admin of the project p1, or as `other`, a member of p2; a body makes it a POST. */
  readonly ask: (path: string, as?: string, body?: unknown) => Promise<Answer>;
  /** An instance of p1; the number is the last of its id. */
  readonly add: (number: number, changes?: Partial<Instance>) => Promise<Instance>;
  readonly addPort: (number: number, changes?: Partial<Port>) => Promise<Port>;
  readonly addOperation: (number: number, changes?: Partial<Operation>) => Promise<Operation>;
}

/** For all tests of a file. */
export async function openGuests(
  routesOf: (options: GuestsOptions) => readonly Route[],
): Promise<GuestsWorld> {
  const database = await openDatabase({ ...pgliteInMemory(), now: () => NOW });
  await database.inventory.insertFlavor(small);
  for (const image of [debian, rescueImage]) await database.inventory.insertImage(image);
  await database.inventory.insertNetwork(publicNet);
  const instances = new FakeInstances(database, () => idOf(999));
  const doctor = { asked: 0, answer: async (): Promise<readonly GuestFinding[]> => [] };
  const operations = {
    doctor: async () => {
      doctor.asked += 1;
      return doctor.answer();
    },
  };
  const observation = new FakeObservation();
  const { app } = testApp(routesOf({ database, instances, observation, operations, now: () => NOW }), {
    service: { name: "guests", prefix: "/guests/v1", faults: "identity", hasMicroversions: false },
    identity: fakeTokens({
      member: scopeOf(),
      reader: scopeOf({ roles: ["reader"] }),
      admin: scopeOf({ roles: ["admin"] }),
      other: scopeOf({ project: { id: "p2", name: "other", isEnabled: true } }),
    }),
  });
  // Said last: node:test also ends what it was told of when it has no test to run for the moment.
  after(() => database.close());
  return {
    database,
    instances,
    observation,
    doctor,
    app,
    async ask(path, token = "member", body) {
      const response = await app.request(`/guests/v1${path}`, as(token, body));
      return { status: response.status, body: (await response.json()) as Answer["body"] };
    },
    async add(number, changes = {}) {
      const instance = instanceOf({ id: idOf(number), createdAt: secondsFrom(number), ...changes });
      await database.instances.insert(instance);
      return instance;
    },
    async addPort(number, changes = {}) {
      const mac = `00:16:3e:00:00:${number.toString(16).padStart(2, "0")}`;
      const port = portOf({ id: idOf(700 + number), instanceId: idOf(number), mac, ...changes });
      await database.instances.insertPort(port);
      return port;
    },
    async addOperation(number, changes = {}) {
      const operation = operationOf(number, changes);
      await database.operations.insert(operation);
      return operation;
    },
  };
}

/** The rows of an answer, or another list in it. */
export function listOf(answer: Answer, key = "servers"): readonly Record<string, unknown>[] {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const list = answer.body[key];
  assert.ok(Array.isArray(list), key);
  return list as Record<string, unknown>[];
}

/** The one object of an answer. */
export function objectOf(answer: Answer, key: string): Record<string, unknown> {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const value = answer.body[key];
  assert.ok(typeof value === "object" && value !== null, key);
  return value as Record<string, unknown>;
}

/** So many seconds after the first time of the tests. */
export function secondsFrom(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 2, 3, 0, seconds));
}

function operationOf(number: number, changes: Partial<Operation>): Operation {
  const at = secondsFrom(number);
  return {
    id: idOf(600 + number),
    instanceId: idOf(number),
    kind: "password",
    requestId: `req-${number}`,
    userId: "u1",
    projectId: "p1",
    state: "queued",
    attempts: 0,
    createdAt: at,
    updatedAt: at,
    deadlineAt: new Date(at.getTime() + 30_000),
    timeline: [{ at, state: "queued", text: "Waits for its turn" }],
    returncode: null,
    message: null,
    error: null,
    ...changes,
  };
}
