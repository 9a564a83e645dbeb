import { type Clock, type Watch, type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { ifPresent } from "./domains.ts";
import type { HostError } from "./errors.ts";
import { EventBell } from "./event-bell.ts";
import { throwIfCancelled } from "./guest-lock.ts";
import {
  cancelledError,
  type ExchangeFacts,
  timeoutError,
  translateXenstoreError,
  writeError,
} from "./model/exchange-errors.ts";
import { namePath, replyPath, requestPath } from "./model/guest-paths.ts";
import { type GuestReply, isEmptyReply, parseReply } from "./model/reply.ts";
import { assertFitsPacket, encodeRequest, type GuestRequest } from "./model/request.ts";
import { assertReachable, departure, isPresent, type Presence } from "./presence.ts";

/**
 * How far a request is: `sent` it lies in XenStore, `taken` the guest has removed it and works on it
 * (not every agent tells: some remove it together with answering), `answered`.
 */
export type ExchangeStage = "sent" | "taken" | "answered";

/** One step of one request. A command that is `sent` again without an answer goes on. */
export interface ExchangeProgress {
  readonly stage: ExchangeStage;
  readonly domid: number;
  readonly command: string;
  /** How long the caller waits at the most, from when it was first sent. */
  readonly timeoutMs: number;
}

export interface ExchangePorts {
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
}

export interface ExchangeOptions {
  readonly domid: number;
  /** Names the request and its reply; a GUID, because agents on Windows look at nothing else. */
  readonly id: string;
  readonly request: GuestRequest;
  readonly timeoutMs: number;
  /** Giving up withdraws the request. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExchangeProgress) => void) | undefined;
}

type Happening = "request" | "reply" | "domain" | "timeout" | "cancelled";

/**
 * Puts one request to a guest and waits for the reply, which is removed once read. Nothing is polled:
 * the watches stand before the request is written. Throws what `HostErrorCode` lists; a request that
 * nobody waits for any more is withdrawn.
 */
export async function exchange(ports: ExchangePorts, options: ExchangeOptions): Promise<GuestReply> {
  throwIfCancelled(options.domid, options.signal);
  const bytes = encodeRequest(options.request);
  assertFitsPacket({ domid: options.domid, id: options.id, name: options.request.name, bytes });
  const one = new Exchange(ports, options);
  try {
    return await one.run(bytes);
  } catch (error) {
    if (error instanceof XenstoreError) await one.abandon();
    throw translateXenstoreError(error, { domid: options.domid, command: options.request.name });
  } finally {
    await one.close();
  }
}

class Exchange {
  readonly #xenstore: XenstoreClient;
  readonly #clock: Clock;
  readonly #options: ExchangeOptions;
  readonly #requestPath: string;
  readonly #replyPath: string;
  readonly #bell = new EventBell<Happening>();
  readonly #watches: Watch[] = [];
  readonly #onAbort = (): void => this.#bell.ring("cancelled");
  #stopTimer: (() => void) | undefined;
  #wasTaken = false;

  constructor(ports: ExchangePorts, options: ExchangeOptions) {
    this.#xenstore = ports.xenstore;
    this.#clock = ports.clock;
    this.#options = options;
    this.#requestPath = requestPath(options.domid, options.id);
    this.#replyPath = replyPath(options.domid, options.id);
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  async run(bytes: Uint8Array): Promise<GuestReply> {
    const { domid, timeoutMs } = this.#options;
    await this.#watchAll();
    const presence = await assertReachable(this.#xenstore, domid);
    throwIfCancelled(domid, this.#options.signal);
    this.#stopTimer = this.#clock.after(timeoutMs, () => this.#bell.ring("timeout"));
    await this.#send(bytes);
    for (;;) {
      const reply = await this.#look(await this.#bell.next(), presence);
      if (reply !== undefined) return reply;
    }
  }

  /** Removes the request if that can still be done, after XenStore failed in whatever way. */
  async abandon(): Promise<void> {
    await this.#xenstore.remove(this.#requestPath).catch((error: unknown) => {
      // What failed first tells more.
      if (!(error instanceof XenstoreError)) throw error;
    });
  }

  /** Ends the waiting; safe to call twice. */
  async close(): Promise<void> {
    this.#stopTimer?.();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    const watches = this.#watches.splice(0);
    // A connection that broke has ended its watches already.
    await Promise.allSettled(watches.map((watch) => watch.close()));
  }

  async #watchAll(): Promise<void> {
    const { domid } = this.#options;
    this.#follow(this.#replyPath, "reply");
    this.#follow(this.#requestPath, "request");
    this.#follow(namePath(domid), "domain");
    this.#follow("@releaseDomain", "domain");
    await Promise.all(this.#watches.map((watch) => watch.ready));
  }

  #follow(path: string, kind: Happening): void {
    const watch = this.#xenstore.watch(path);
    this.#watches.push(watch);
    const pump = async (): Promise<void> => {
      for await (const _event of watch) this.#bell.ring(kind);
    };
    pump().catch((error: unknown) => this.#bell.fail(error));
  }

  async #send(bytes: Uint8Array): Promise<void> {
    try {
      await this.#xenstore.write(this.#requestPath, bytes);
    } catch (error) {
      throw writeError(error, { ...this.#facts(), bytes: bytes.length });
    }
    this.#tell("sent");
  }

  /** The reply, when it is there; throws when there will be none. */
  async #look(happenings: readonly Happening[], presence: Presence): Promise<GuestReply | undefined> {
    // Whatever else happened, an answer that came counts.
    const reply = await this.#takeReply();
    if (reply !== undefined) return reply;
    if (happenings.includes("domain") && !(await isPresent(this.#xenstore, presence))) {
      throw await departure(this.#xenstore, presence, this.#options.request.name);
    }
    if (happenings.includes("cancelled") || happenings.includes("timeout")) {
      const lastReply = await this.#withdraw();
      if (lastReply === undefined) throw this.#giveUpError(happenings);
      return lastReply;
    }
    if (happenings.includes("request")) await this.#noteTaken();
    return undefined;
  }

  async #takeReply(): Promise<GuestReply | undefined> {
    const bytes = await ifPresent(this.#xenstore.read(this.#replyPath));
    if (bytes === undefined || isEmptyReply(bytes)) return undefined;
    // Nobody else removes it, and a guest has room for some fifty.
    await ifPresent(this.#xenstore.remove(this.#replyPath));
    this.#tell("answered");
    return parseReply(bytes, this.#facts());
  }

  async #noteTaken(): Promise<void> {
    if (this.#wasTaken || (await this.#xenstore.exists(this.#requestPath))) return;
    this.#wasTaken = true;
    this.#tell("taken");
  }

  /**
   * Removes the request and looks for a reply one last time. In a transaction, so that it is certain
   * whether the guest had taken the request: it may act on it although nobody waits any more.
   */
  async #withdraw(): Promise<GuestReply | undefined> {
    const isWithdrawn = await this.#xenstore.transaction(async (transaction) => {
      const request = await ifPresent(transaction.read(this.#requestPath));
      if (request !== undefined) await transaction.remove(this.#requestPath);
      return request !== undefined;
    });
    this.#wasTaken ||= !isWithdrawn;
    return this.#takeReply();
  }

  #giveUpError(happenings: readonly Happening[]): HostError {
    const facts = { ...this.#facts(), wasTaken: this.#wasTaken };
    if (happenings.includes("cancelled")) return cancelledError(facts);
    return timeoutError({ ...facts, timeoutMs: this.#options.timeoutMs });
  }

  #facts(): ExchangeFacts {
    return { domid: this.#options.domid, command: this.#options.request.name };
  }

  #tell(stage: ExchangeStage): void {
    this.#options.onProgress?.({ stage, ...this.#facts(), timeoutMs: this.#options.timeoutMs });
  }
}
