import { type Clock, type Transaction, type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import {
  REPLIES_CHECKED_FROM,
  REPLIES_REWRITTEN_MAX,
  REPLIES_TRACKED_MAX,
  ROOM_ATTEMPTS_MAX,
  ROOM_BATCH,
} from "../limits.ts";
import type { Logger } from "../log.ts";
import { ANSWERS_PATH, isRefusal, listNames, passOverMissing, removeOwn, REQUESTS_PATH } from "../nodes.ts";
import { Reserve } from "./reserve.ts";

// What servers say when a node does not fit: quota of nodes or node size (C xenstored), of entries or
// size (oxenstored), and what a commit says when an operation inside it met a quota.
const spaceErrors: ReadonlySet<string> = new Set(["ENOSPC", "ENOMEM", "EQUOTA", "E2BIG"]);

/** What `Answers` stands on. */
export interface AnswersOptions {
  readonly client: XenstoreClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds after which an answer that nobody removed is removed. */
  readonly keptMs: number;
}

/**
 * The answers in `data/guest`. Hosts in the field never remove them, so that they would fill the
 * domain's quota: old ones go after a while, and the oldest when there is no room for a new one.
 */
export class Answers {
  readonly #client: XenstoreClient;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #keptMs: number;
  readonly #reserve: Reserve;
  /** When each was written, oldest first; what an agent before us wrote counts from our start. */
  readonly #writtenAtMs = new Map<string, number>();
  /** From how many on they are compared with what is there. */
  #checkedFrom = REPLIES_CHECKED_FROM;
  /** Since when there are answers that we cannot name, because they were too many to list at our start. */
  #unnamedSinceMs: number | undefined;

  constructor({ client, clock, log, keptMs }: AnswersOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#keptMs = keptMs;
    this.#reserve = new Reserve({ client, log });
  }

  /** Takes over the answers that are there already. */
  async adopt(): Promise<void> {
    const present = await listNames(this.#client, ANSWERS_PATH);
    if (present === undefined) this.#unnamedSinceMs = this.#clock.nowMs();
    else for (const requestId of present) this.#track(requestId);
  }

  /** Whether the request was answered before. */
  has(requestId: string): Promise<boolean> {
    return this.#client.exists(`${ANSWERS_PATH}/${requestId}`);
  }

  /**
   * Removes the request and writes its answer, both or none. Without room for it, older answers are
   * removed, then the reserve; when nothing is left, or XenStore refuses for another reason that will not
   * pass, the request is removed all the same. Rejects when the request may still be there.
   */
  async put(requestId: string, bytes: Uint8Array): Promise<void> {
    let batch = ROOM_BATCH;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#write(requestId, bytes);
        await this.#bound();
        return;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const hasRoom = spaceErrors.has(error.code) && attempt <= ROOM_ATTEMPTS_MAX;
        if (hasRoom && (await this.#makeRoom(batch)) > 0) {
          batch *= 2;
        } else {
          await this.#giveUp(requestId, error);
          return;
        }
      }
    }
  }

  /** Removes a request that is answered already. */
  async removeRequest(requestId: string): Promise<void> {
    await passOverMissing(this.#client.remove(`${REQUESTS_PATH}/${requestId}`));
  }

  /** Removes the answers that have been there long enough, and sees to the room for the next ones. */
  async tend(): Promise<void> {
    await this.#removeExpired();
    await this.#reserve.replenish();
  }

  async #removeExpired(): Promise<void> {
    const oldestMs = this.#clock.nowMs() - this.#keptMs;
    if (this.#unnamedSinceMs !== undefined && this.#unnamedSinceMs <= oldestMs) await this.#removeUnnamed();
    for (const [requestId, writtenAtMs] of this.#writtenAtMs) {
      if (writtenAtMs > oldestMs) return;
      await this.#remove(requestId);
    }
  }

  async #write(requestId: string, bytes: Uint8Array): Promise<void> {
    let isOpen = false;
    const body = async (transaction: Transaction): Promise<void> => {
      isOpen = true;
      // Sent together and carried out in this order: what the removal frees is there for the write.
      const removal = passOverMissing(transaction.remove(`${REQUESTS_PATH}/${requestId}`));
      await Promise.all([removal, transaction.write(`${ANSWERS_PATH}/${requestId}`, bytes)]);
    };
    try {
      await this.#client.transaction(body);
    } catch (error) {
      // Where the connection ended it may have been written all the same, and nobody says so later.
      if (!isRefusal(error)) this.#track(requestId);
      throw isOpen ? error : startError(error);
    }
    this.#track(requestId);
  }

  async #giveUp(requestId: string, error: XenstoreError): Promise<void> {
    await this.removeRequest(requestId);
    this.#log.error("Request removed without an answer", {
      requestId,
      code: error.code,
      error: error.message,
    });
  }

  #track(requestId: string): void {
    // Set again, so that the oldest stays first.
    this.#writtenAtMs.delete(requestId);
    this.#writtenAtMs.set(requestId, this.#clock.nowMs());
  }

  /** Answers that the host removes itself shall not be remembered: each takes memory. */
  async #bound(): Promise<void> {
    if (this.#writtenAtMs.size > this.#checkedFrom) {
      await this.#forgetMissing();
      this.#checkedFrom = Math.max(REPLIES_CHECKED_FROM, 2 * this.#writtenAtMs.size);
    }
    const [oldest] = this.#writtenAtMs.keys();
    if (oldest !== undefined && this.#writtenAtMs.size > REPLIES_TRACKED_MAX) await this.#remove(oldest);
  }

  /** Answers first: their directory alone may be full, for which the reserve is no help. */
  async #makeRoom(count: number): Promise<number> {
    return (await this.#removeOldest(count)) || this.#reserve.giveUp(count);
  }

  /** Removes up to `count` of the answers that are there, the oldest first; says how many it were. */
  async #removeOldest(count: number): Promise<number> {
    if (this.#unnamedSinceMs !== undefined) return this.#removeUnnamed();
    await this.#forgetMissing();
    const oldest = [...this.#writtenAtMs.keys()].slice(0, count);
    for (const requestId of oldest) await this.#remove(requestId);
    if (oldest.length > 0) this.#log.warn("Removed older answers to make room", { count: oldest.length });
    return oldest.length;
  }

  /** Forgets what the host removed: removing it again makes no room. */
  async #forgetMissing(): Promise<void> {
    const present = await listNames(this.#client, ANSWERS_PATH);
    if (present === undefined) return;
    const names = new Set(present);
    for (const requestId of this.#writtenAtMs.keys()) {
      if (!names.has(requestId)) this.#writtenAtMs.delete(requestId);
    }
  }

  /** Empties the directory of answers that cannot be named, and writes our own again. */
  async #removeUnnamed(): Promise<number> {
    const own = [...this.#writtenAtMs.keys()].slice(-REPLIES_REWRITTEN_MAX);
    await this.#client.transaction(async (transaction) => {
      const paths = own.map((requestId) => `${ANSWERS_PATH}/${requestId}`);
      const values = await Promise.all(paths.map((path) => passOverMissing(transaction.read(path))));
      await passOverMissing(transaction.remove(ANSWERS_PATH));
      await transaction.makeDirectory(ANSWERS_PATH);
      for (const [index, path] of paths.entries()) {
        const value = values[index];
        if (value !== undefined) await transaction.write(path, value);
      }
    });
    this.#unnamedSinceMs = undefined;
    this.#log.warn("Removed answers that were too many to list");
    return 1;
  }

  async #remove(requestId: string): Promise<void> {
    await removeOwn(this.#client, `${ANSWERS_PATH}/${requestId}`);
    this.#writtenAtMs.delete(requestId);
  }
}

/**
 * What a transaction that did not start means. ENOSPC (C xenstored) and EQUOTA (oxenstored) say there
 * that other programs of the guest have all its transactions open, which passes and needs no room.
 */
function startError(error: unknown): unknown {
  const isQuota = error instanceof XenstoreError && ["ENOSPC", "EQUOTA"].includes(error.code);
  return isQuota ? new XenstoreError("EBUSY", error.message, { cause: error }) : error;
}
