import type { TestContext } from "node:test";
import type { Instance } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { computeRoutes } from "../../../src/compute/index.ts";
import { fakeTokens, scopeOf } from "../../support/fake-identity.ts";
import { type LogLine, testApp } from "../../support/test-app.ts";
import { FakeInstances } from "./fake-instances.ts";
import { debian, publicNet, small } from "./samples.ts";

/** An answer with its JSON; undefined where it has none. */
export interface Answer {
  readonly status: number;
  // What a test takes it for is what it asserts.
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
  readonly headers: Headers;
}

/** How something is asked. */
export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  /** One of member, reader, admin, other (of another project) and bob (another user of the same). */
  readonly as?: string;
  /** The minor of 2.N. */
  readonly version?: number;
}

/** The Compute API on a database of its own, with one flavor, one image and one network. */
export interface World {
  readonly database: Database;
  readonly instances: FakeInstances;
  readonly lines: readonly LogLine[];
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
  readonly add: (...instances: readonly Instance[]) => Promise<void>;
}

export async function openWorld(context: Pick<TestContext, "after">): Promise<World> {
  const database = await openDatabase({ kind: "pglite", directory: undefined });
  context.after(() => database.close());
  await database.inventory.insertFlavor(small);
  await database.inventory.insertImage(debian);
  await database.inventory.insertNetwork(publicNet);
  const instances = new FakeInstances(database);
  const ids = { next: 0 };
  const newId = (): string => `10000000-0000-4000-8000-${String((ids.next += 1)).padStart(12, "0")}`;
  const { app, lines } = testApp(computeRoutes({ database, instances, now, newId }), {
    newId,
    now,
    identity,
  });
  return {
    database,
    instances,
    lines,
    ask: async (path, { method = "GET", body, as = "member", version } = {}) => {
      const headers = {
        "X-Auth-Token": as,
        ...(version === undefined ? {} : { "OpenStack-API-Version": `compute 2.${version}` }),
      };
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await app.request(`/compute/v2.1${path}`, { method, headers, ...json });
      const text = await response.text();
      const parsed: unknown = text === "" ? undefined : JSON.parse(text);
      return { status: response.status, body: parsed, headers: response.headers };
    },
    add: async (...added) => {
      for (const instance of added) await database.instances.insert(instance);
    },
  };
}

const now = (): Date => new Date("2026-01-03T00:00:00Z");

const identity = fakeTokens({
  member: scopeOf(),
  reader: scopeOf({ roles: ["reader"] }),
  admin: scopeOf({
    user: { id: "u9", name: "root", isEnabled: true, defaultProjectId: undefined },
    project: { id: "p9", name: "admin", isEnabled: true },
    roles: ["admin"],
  }),
  other: scopeOf({ project: { id: "p2", name: "other", isEnabled: true } }),
  bob: scopeOf({ user: { id: "u2", name: "bob", isEnabled: true, defaultProjectId: undefined } }),
});
