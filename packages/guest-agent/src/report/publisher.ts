import { encodeUtf8, type Transaction, type XenstoreClient, type XenstoreError } from "@nova-agent/xenstore";
import type { Logger } from "../log.ts";
import { isRefusal, removeOwn } from "../nodes.ts";
import { VALUE_MAX_BYTES } from "./limits.ts";

/** What is to stand in XenStore: values by their path below the guest's own. */
export type Nodes = ReadonlyMap<string, string>;

/** Values that differ from what stands there, by their path. */
type Changes = readonly (readonly [string, string])[];

/** Directories in which nobody else has anything: what is in there and no longer wanted goes. */
const OWN_DIRECTORIES: readonly string[] = ["attr/vif", "data/volumes", "xenserver/attr/net-sriov-vf"];

/** Tells the toolstack to look: written behind everything else. */
const UPDATED = "data/updated";

/** Deepest node below an own directory: `attr/vif/0/ipv4/0`, `data/volumes/0/mount_points/0`. */
const OWN_DEPTH = 3;

/** What a publisher stands on. */
export interface PublisherOptions {
  readonly client: XenstoreClient;
  readonly log: Logger;
  /** The text of `data/updated`. */
  readonly now: () => string;
}

/**
 * Writes to XenStore what differs from what it wrote before, and removes what is gone, in one transaction
 * whose last change is `data/updated`. Nothing is written when nothing differs.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  /** What stands there; undefined when that is not known: at the start, and after the guest was moved. */
  #written: Map<string, string> | undefined;
  /** What XenStore does not let the guest write. */
  readonly #refused = new Set<string>();
  /** The values for which it had no room. */
  readonly #lacking = new Map<string, string>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Has everything published anew: the XenStore may be another one by now. */
  forget(): void {
    this.#written = undefined;
    this.#refused.clear();
    this.#lacking.clear();
  }

  /** Publishes; resolves with whether anything was written. Rejects with a XenstoreError. */
  async publish(wanted: Nodes): Promise<boolean> {
    const known = this.#written;
    const before = known ?? (await this.#look());
    const changed = [...wanted].filter(
      ([path, value]) => !this.#refused.has(path) && (known === undefined || known.get(path) !== value),
    );
    const gone = removals([...before.keys()], wanted);
    // What finds no room is no change by itself: data/updated would be written with each attempt.
    const isNews = changed.some(([path, value]) => this.#lacking.get(path) !== value);
    if (!isNews && gone.length === 0) return false;
    const refused = await this.#commit(changed, gone);
    for (const [path, error] of refused) this.#noteRefusal(path, error);
    this.#remember(wanted, refused);
    return true;
  }

  #remember(wanted: Nodes, refused: ReadonlyMap<string, XenstoreError>): void {
    const known = this.#written;
    this.#written = new Map();
    this.#lacking.clear();
    for (const [path, value] of wanted) {
      const old = known?.get(path);
      const isForbidden = this.#refused.has(path);
      if (!isForbidden && !refused.has(path)) this.#written.set(path, value);
      // It still stands there, and goes when it is no longer wanted.
      else if (old !== undefined) this.#written.set(path, old);
      if (refused.has(path) && !isForbidden) this.#lacking.set(path, value);
    }
  }

  /** Writes what XenStore takes, and returns what it does not; one node that is refused keeps no other away. */
  async #commit(changed: Changes, gone: readonly string[]): Promise<ReadonlyMap<string, XenstoreError>> {
    const refused = new Map<string, XenstoreError>();
    for (;;) {
      const count = refused.size;
      try {
        await this.#options.client.transaction(async (transaction) => {
          for (const path of gone) await removeOwn(transaction, path);
          await this.#write(transaction, { changed, refused });
        });
        return refused;
      } catch (error) {
        // C xenstored commits nothing after a node was too large for it: again, without that node.
        if (!isRefusal(error) || refused.size === count) throw error;
      }
    }
  }

  /** Adds to `refused` what XenStore does not take, and leaves out what stands there. */
  async #write(
    transaction: Transaction,
    { changed, refused }: { readonly changed: Changes; readonly refused: Map<string, XenstoreError> },
  ): Promise<void> {
    for (const [path, value] of [...changed, [UPDATED, this.#options.now()] as const]) {
      if (this.#refused.has(path) || refused.has(path)) continue;
      try {
        await transaction.write(path, cut(value));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refused.set(path, error);
      }
    }
  }

  /** What the host forbids is not tried again; for want of room it is, at the next change. */
  #noteRefusal(path: string, error: XenstoreError): void {
    const isForbidden = error.code === "EACCES" || error.code === "EPERM";
    if (isForbidden) this.#refused.add(path);
    // Told of before.
    if (this.#lacking.has(path)) return;
    const { log } = this.#options;
    const tell = isForbidden ? log.info : log.warn;
    tell("XenStore does not take what the guest reports", { path, code: error.code });
  }

  /** What stands in the own directories: from before this process, or put there by another daemon. */
  async #look(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const directory of OWN_DIRECTORIES) await this.#walk(directory, { depth: OWN_DEPTH, found });
    return found;
  }

  async #walk(
    path: string,
    { depth, found }: { readonly depth: number; readonly found: Map<string, string> },
  ): Promise<void> {
    const names = depth === 0 ? [] : await this.#list(path);
    // Which value it has does not matter: everything is written anew.
    if (names.length === 0 && depth < OWN_DEPTH) found.set(path, "");
    for (const name of names) await this.#walk(`${path}/${name}`, { depth: depth - 1, found });
  }

  async #list(path: string): Promise<readonly string[]> {
    try {
      return await this.#options.client.list(path);
    } catch (error) {
      if (isRefusal(error)) return [];
      throw error;
    }
  }
}

/**
 * What is to be removed: the highest directories in which nothing is wanted any more, so that none is left
 * empty.
 */
function removals(before: readonly string[], wanted: Nodes): readonly string[] {
  const needed = new Set([...wanted.keys()].flatMap(ancestors));
  const gone = before.filter((path) => !needed.has(path));
  const highest = gone.map((path) => {
    const own = OWN_DIRECTORIES.find((directory) => path.startsWith(`${directory}/`));
    const way = ancestors(path).filter((each) => own !== undefined && each.startsWith(`${own}/`));
    return way.find((each) => !needed.has(each)) ?? path;
  });
  return [...new Set(highest)];
}

/** The path and all above it, the highest first. */
function ancestors(path: string): readonly string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** A value within the limit, not cut inside a character. */
function cut(value: string): string {
  let text = value;
  while (encodeUtf8(text).length > VALUE_MAX_BYTES) text = text.replace(/.$/su, "");
  return text;
}
