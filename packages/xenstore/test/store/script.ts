import assert from "node:assert/strict";
import {
  type Connection,
  decodeLatin1,
  encodeLatin1,
  encodeRequest,
  MessageType,
  parsePermission,
  type Permission,
  type Request,
  requestType,
  Store,
  type StoreOptions,
} from "@nova-agent/xenstore";

/** A packet as it stands: type, and payload with `|` for nul. */
export type RawRequest = readonly [type: number, payload: string];

/**
 * One line of a script: who asks, what, and everything that comes of it in order. Who is a domain, with a
 * letter for a further connection and `@` for a transaction: `5`, `5b`, `5b@1`. A reply stands as its
 * payload with `|` for nul, an error as its name, an event as `5b: /path token`.
 */
export type Line = readonly [who: string, request: string | RawRequest, ...outcome: string[]];

/** A store that scripts run on. */
export class ScriptedStore {
  readonly store: Store;
  readonly #connections = new Map<string, Connection>();
  #outcome: string[] = [];

  constructor(options?: StoreOptions) {
    this.store = new Store(options);
  }

  run(...lines: readonly Line[]): void {
    for (const [who, request, ...outcome] of lines) {
      assert.deepEqual(this.ask(who, request), outcome, `${who}: ${String(request)}`);
    }
  }

  /** Asks one thing and gives what came of it. */
  ask(who: string, request: string | RawRequest): string[] {
    const [name = "", transaction = "0"] = who.split("@");
    const connection = this.connect(name);
    this.#outcome = [];
    const [type, payload] = typeof request === "string" ? encode(request) : encodeRaw(request);
    connection.handle({ type, requestId: 7, transactionId: Number(transaction), payload });
    return this.#outcome;
  }

  /** The connection of this name, made when it is first asked for. */
  connect(name: string): Connection {
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const connection = this.store.connect({
      domid: Number.parseInt(name, 10),
      peer: {
        reply: ({ type, requestId, payload }) => {
          assert.equal(requestId, 7);
          const text = decodeLatin1(payload).replaceAll("\0", "|");
          this.#outcome.push(type === MessageType.error ? text.slice(0, -1) : text);
        },
        event: ({ path, token }) => this.#outcome.push(`${name}: ${path} ${token}`),
        ended: () => this.#outcome.push(`${name} ended`),
        conflicted: () => this.#outcome.push(`${name} conflicted`),
      },
    });
    this.#connections.set(name, connection);
    return connection;
  }

  /** Ends a connection; the name may be used again. */
  close(name: string): void {
    this.#connections.get(name)?.close();
    this.#connections.delete(name);
  }
}

/** A store where domains 5 and 6 are introduced and own `/local/domain/5` and `/local/domain/6`. */
export function storeWithDomains(options?: StoreOptions): ScriptedStore {
  const script = new ScriptedStore(options);
  for (const domid of [5, 6]) {
    script.run(
      ["0", `introduce ${domid}`, "OK|"],
      ["0", `mkdir /local/domain/${domid}`, "OK|"],
      ["0", `setperms /local/domain/${domid} n${domid}`, "OK|"],
    );
  }
  return script;
}

function encodeRaw([type, payload]: RawRequest): [number, Uint8Array] {
  return [type, encodeLatin1(payload.replaceAll("|", "\0"))];
}

function encode(text: string): [number, Uint8Array] {
  const request = parseLine(text);
  return [requestType(request), encodeRequest(request)];
}

function parseLine(text: string): Request {
  const [verb = "", first = "", second = "", third] = text.split(" ");
  const rest = text.split(" ").slice(2);
  switch (verb) {
    case "read":
      return { type: "read", path: first };
    case "ls":
      return { type: "directory", path: first };
    case "getperms":
      return { type: "getPermissions", path: first };
    case "mkdir":
      return { type: "makeDirectory", path: first };
    case "rm":
      return { type: "remove", path: first };
    case "write":
      return { type: "write", path: first, value: encodeLatin1(rest.join(" ")) };
    case "setperms":
      return { type: "setPermissions", path: first, permissions: rest.map(permissionOf) };
    case "part":
      return { type: "directoryPart", path: first, offset: Number(second) };
    case "watch":
      return {
        type: "watch",
        path: first,
        token: second,
        ...(third === undefined ? {} : { depth: Number(third) }),
      };
    case "unwatch":
      return { type: "unwatch", path: first, token: second };
    case "start":
      return { type: "transactionStart" };
    case "end":
      return { type: "transactionEnd", commit: first === "T" };
    case "reset":
      return { type: "resetWatches" };
    case "control":
      return { type: "control", arguments: text.split(" ").slice(1) };
    default:
      return parseDomainLine(text);
  }
}

function parseDomainLine(text: string): Request {
  const [verb = "", ...words] = text.split(" ");
  const [domid = 0, value = 0] = words.map(Number);
  switch (verb) {
    case "introduce":
      return { type: "introduce", domid, gfn: 1, port: 1 };
    case "release":
      return { type: "release", domid };
    case "resume":
      return { type: "resume", domid };
    case "path":
      return { type: "getDomainPath", domid };
    case "introduced":
      return { type: "isDomainIntroduced", domid };
    case "target":
      return { type: "setTarget", domid, target: value };
    case "features":
      return words.length === 0 ? { type: "getFeature" } : { type: "getFeature", domid };
    case "setfeatures":
      return { type: "setFeature", domid, features: value };
    default:
      throw new TypeError(`Unknown line "${text}"`);
  }
}

function permissionOf(text: string): Permission {
  const permission = parsePermission(text);
  assert.ok(permission, `"${text}" is no permission`);
  return permission;
}
