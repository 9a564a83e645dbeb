import { after } from "node:test";
import type { HostError, Instance, Port, TokenScope } from "@nova-agent/host";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { pgliteInMemory } from "@nova-agent/testbed";
import type { Api } from "../../../src/app.ts";
import { computeRoutes } from "../../../src/compute/index.ts";
import { scopeOf } from "../../support/fake-identity.ts";
import { type LogLine, testApp } from "../../support/test-app.ts";
import type { AnswerBody } from "./answer-body.ts";
import { FakeInstances } from "./fake-instances.ts";
import { debian, instanceOf, portOf, publicNet, rescueImage, small } from "./samples.ts";

/** An answer with its JSON. */
export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
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

/** A project of its own in the world of a test file. */
export interface TestProject {
  readonly id: string;
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
  /** An active instance of the project; the number is the last of its id. */
  readonly add: (number?: number, changes?: Partial<Instance>) => Promise<Instance>;
  /** A network card of an instance in the public network. */
  readonly addPort: (instance: Instance, changes?: Partial<Port>) => Promise<Port>;
}

/** The Compute API on a database with one flavor, two images and one network. */
export class World {
  readonly database: Database;
  readonly instances: FakeInstances;
  readonly app: Api;
  readonly lines: readonly LogLine[];
  readonly #tokens = new Map<string, TokenScope>();
  #projects = 0;

  private constructor(database: Database) {
    const ids = { next: 0 };
    const newId = (): string => `10000000-0000-4000-8000-${String((ids.next += 1)).padStart(12, "0")}`;
    this.database = database;
    this.instances = new FakeInstances(database, newId);
    const routes = computeRoutes({ database, instances: this.instances, now, newId });
    const identity = { findToken: async (token: string) => this.#tokens.get(token) };
    ({ app: this.app, lines: this.lines } = testApp(routes, { newId, now, identity }));
  }

  /** For all tests of a file. */
  static async open(): Promise<World> {
    const database = await openDatabase({ ...pgliteInMemory(), now });
    await database.inventory.insertFlavor(small);
    await database.inventory.insertImage(debian);
    await database.inventory.insertImage(rescueImage);
    await database.inventory.insertNetwork(publicNet);
    // Said last: node:test also ends what it was told of when it has no test to run for the moment.
    after(() => database.close());
    return new World(database);
  }

  /** A project that no other test knows of, with nothing asked of its instances yet. */
  project(): TestProject {
    this.#projects += 1;
    const serial = this.#projects;
    const id = `p${serial}`;
    this.#addTokens(id);
    this.instances.asked = [];
    const add = async (number = 1, changes: Partial<Instance> = {}): Promise<Instance> => {
      const instance = instanceOf({
        id: idIn(serial, number),
        projectId: id,
        userId: `${id}-alice`,
        ...changes,
      });
      await this.database.instances.insert(instance);
      return instance;
    };
    const addPort = async (instance: Instance, changes: Partial<Port> = {}): Promise<Port> => {
      const mac = `00:16:3e:00:00:${String(serial).padStart(2, "0")}`;
      const fixedIps = [
        { address: `192.0.2.${10 + serial}`, prefixLength: 24 },
        { address: `2001:db8::${10 + serial}`, prefixLength: 64 },
      ];
      const port = portOf({ id: idIn(serial, 700), instanceId: instance.id, mac, fixedIps, ...changes });
      await this.database.instances.insertPort(port);
      return port;
    };
    return { id, ask: (path, ask) => this.#ask(path, id, ask), add, addPort };
  }

  /** Has the next thing that is asked of an instance fail. */
  failWith(failure: HostError): void {
    this.instances.failure = failure;
  }

  async #ask(path: string, project: string, ask: Ask = {}): Promise<Answer> {
    const { method = "GET", body, as = "member", version } = ask;
    const headers = {
      "X-Auth-Token": `${project}-${as}`,
      ...(version === undefined ? {} : { "OpenStack-API-Version": `compute 2.${version}` }),
    };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await this.app.request(`/compute/v2.1${path}`, { method, headers, ...json });
    const text = await response.text();
    // Whoever reads something of it asserts what it is.
    const parsed = (text === "" ? undefined : JSON.parse(text)) as AnswerBody;
    return { status: response.status, body: parsed, headers: response.headers };
  }

  #addTokens(id: string): void {
    const project = { id, name: id, isEnabled: true };
    const alice = { id: `${id}-alice`, name: "alice", isEnabled: true, defaultProjectId: undefined };
    const others = { id: `${id}-others`, name: "others", isEnabled: true };
    const scopes = {
      member: scopeOf({ user: alice, project }),
      reader: scopeOf({ user: alice, project, roles: ["reader"] }),
      admin: scopeOf({ user: { ...alice, id: "root" }, project: others, roles: ["admin"] }),
      other: scopeOf({ user: alice, project: others }),
      bob: scopeOf({ user: { ...alice, id: `${id}-bob` }, project }),
    };
    for (const [name, scope] of Object.entries(scopes)) this.#tokens.set(`${id}-${name}`, scope);
  }
}

function now(): Date {
  return new Date("2026-01-03T00:00:00Z");
}

function idIn(project: number, number: number): string {
  return `00000000-0000-4000-${8000 + project}-${String(number).padStart(12, "0")}`;
}
