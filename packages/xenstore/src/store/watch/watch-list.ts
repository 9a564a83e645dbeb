import type { WireErrorName } from "../../errors.ts";
import type { UnwatchRequest, WatchRequest } from "../../wire/requests.ts";
import type { Domains } from "../domain/domain.ts";
import { isOver, NAME_RECORD_BYTES } from "../domain/quotas.ts";
import { parseWatchPath, type WatchPath } from "../tree/path.ts";
import type { Watch, Watcher, WatchRegistry } from "./watch-registry.ts";

/** Feature bit without which a domain's watches may have no depth (xs_wire.h). */
const WATCH_DEPTH_FEATURE = 4;

/** The watches of one connection, each known by its canonical path and token. */
export class WatchList {
  readonly #registry: WatchRegistry;
  readonly #domains: Domains;
  readonly #watcher: Watcher;
  readonly #watches = new Map<string, Watch>();

  constructor(options: { watches: WatchRegistry; domains: Domains; watcher: Watcher }) {
    this.#registry = options.watches;
    this.#domains = options.domains;
    this.#watcher = options.watcher;
  }

  /** The new watch, or the error to answer with (xenstore.txt, "WATCH"). */
  add({ path: text, token, depth }: WatchRequest): Watch | WireErrorName {
    const { domain } = this.#watcher;
    if (depth !== undefined && (domain.features & WATCH_DEPTH_FEATURE) === 0) return "EINVAL";
    const path = this.#parse(text);
    if (path === undefined) return "EINVAL";
    const key = keyOf(path, token);
    if (this.#watches.has(key)) return "EEXIST";
    // C xenstored's error; newer ones say ENOSPC.
    if (isOver(domain.openWatches + 1, this.#domains.limit(domain, "watches"))) return "E2BIG";
    const bytes = heldBytes(path, token);
    if (isOver(domain.heldBytes + bytes, this.#domains.limit(domain, "memory"))) return "ENOMEM";
    const watch = { watcher: this.#watcher, path, token, depth, serial: this.#registry.nextSerial() };
    this.#watches.set(key, watch);
    this.#registry.add(watch);
    domain.openWatches += 1;
    domain.heldBytes += bytes;
    return watch;
  }

  /** Undefined, or the error to answer with. Events sent before may still be on their way. */
  remove({ path: text, token }: UnwatchRequest): WireErrorName | undefined {
    const path = this.#parse(text);
    if (path === undefined) return "EINVAL";
    const key = keyOf(path, token);
    const watch = this.#watches.get(key);
    if (watch === undefined) return "ENOENT";
    this.#watches.delete(key);
    this.#forget(watch);
    return undefined;
  }

  clear(): void {
    for (const watch of this.#watches.values()) this.#forget(watch);
    this.#watches.clear();
  }

  #forget(watch: Watch): void {
    const { domain } = this.#watcher;
    this.#registry.remove(watch);
    domain.openWatches -= 1;
    domain.heldBytes -= heldBytes(watch.path, watch.token);
  }

  #parse(text: string): WatchPath | undefined {
    const { domain } = this.#watcher;
    return parseWatchPath(text, domain.domid, this.#domains.limit(domain, "path-max"));
  }
}

/** A relative and an absolute path of the same node make the same watch. */
function keyOf(path: WatchPath, token: string): string {
  return `${path.text}\0${token}`;
}

function heldBytes({ names }: WatchPath, token: string): number {
  return (1 + names.length) * NAME_RECORD_BYTES + token.length;
}
