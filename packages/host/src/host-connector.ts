import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { HostError } from "./errors.ts";
import { exchange, type ExchangeProgress } from "./exchange.ts";
import { ifPresent } from "./domains.ts";
import { GuestLock } from "./guest-lock.ts";
import { LATE_REPLIES_MAX, TIMEOUT_MAX_MS } from "./limits.ts";
import { commandRule, isSuccess } from "./model/command-rule.ts";
import { refusedError } from "./model/exchange-errors.ts";
import { replyPath } from "./model/guest-paths.ts";
import type { GuestReply } from "./model/reply.ts";
import type { GuestRequest } from "./model/request.ts";

export interface HostConnectorOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  /** A new GUID at every call, as crypto.randomUUID gives. */
  readonly newId: () => string;
}

/** What every operation on a guest takes. */
export interface GuestCall {
  readonly domid: number;
  /** In place of the command's own limit, for each request. */
  readonly timeoutMs?: number | undefined;
  /** Giving up withdraws the request that is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExchangeProgress) => void) | undefined;
}

/** A guest, held: nobody else in this process talks to it meanwhile. */
export interface HeldGuest {
  readonly domid: number;
  /** The reply, whatever it says. */
  send(request: GuestRequest, timeoutMs?: number): Promise<GuestReply>;
  /** The reply of a command that was done; throws GUEST_REFUSED when the guest says that it was not. */
  ask(request: GuestRequest, timeoutMs?: number): Promise<GuestReply>;
}

interface LateReply {
  readonly domid: number;
  readonly id: string;
}

/** Puts requests to the guests of one host, one at a time for each guest. */
export class HostConnector {
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  readonly #newId: () => string;
  readonly #lock = new GuestLock();
  #lateReplies: readonly LateReply[] = [];

  constructor(options: HostConnectorOptions) {
    this.xenstore = options.xenstore;
    this.clock = options.clock;
    this.#newId = options.newId;
  }

  /** Runs `body` when it is its turn with the guest. Throws what `HostErrorCode` lists. */
  async hold<Result>(call: GuestCall, body: (guest: HeldGuest) => Promise<Result>): Promise<Result> {
    assertTimeout(call);
    return this.#lock.run(call, async () => {
      await this.#removeLateReplies(call.domid);
      const send = (request: GuestRequest, timeoutMs?: number): Promise<GuestReply> =>
        this.#exchange(call, request, timeoutMs);
      const ask = async (request: GuestRequest, timeoutMs?: number): Promise<GuestReply> => {
        const reply = await send(request, timeoutMs);
        if (isSuccess(request.name, reply)) return reply;
        throw refusedError({ domid: call.domid, command: request.name, ...reply });
      };
      return body({ domid: call.domid, send, ask });
    });
  }

  async #exchange(call: GuestCall, request: GuestRequest, timeoutMs?: number): Promise<GuestReply> {
    const { domid, signal, onProgress } = call;
    const limitMs = timeoutMs ?? call.timeoutMs ?? commandRule(request.name).timeoutMs;
    const id = this.#newId();
    try {
      return await exchange(this, { domid, id, request, timeoutMs: limitMs, signal, onProgress });
    } catch (error) {
      if (error instanceof HostError && (error.code === "GUEST_TIMEOUT" || error.code === "CANCELLED")) {
        this.#lateReplies = [...this.#lateReplies, { domid, id }].slice(-LATE_REPLIES_MAX);
      }
      throw error;
    }
  }

  /** Replies that came when nobody waited any more would stay, and fill the guest's quota. */
  async #removeLateReplies(domid: number): Promise<void> {
    const late = this.#lateReplies.filter((reply) => reply.domid === domid);
    if (late.length === 0) return;
    const isLate = await Promise.all(late.map(({ id }) => this.xenstore.exists(replyPath(domid, id))));
    const found = late.filter((_reply, index) => isLate[index] === true);
    await Promise.all(found.map(({ id }) => ifPresent(this.xenstore.remove(replyPath(domid, id)))));
    this.#lateReplies = this.#lateReplies.filter((reply) => !found.includes(reply));
  }
}

function assertTimeout(call: GuestCall): void {
  const { timeoutMs } = call;
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= TIMEOUT_MAX_MS)) return;
  const message = `A wait of ${timeoutMs / 1000} s is not more than 0 and at most ${TIMEOUT_MAX_MS / 1000} s`;
  throw new HostError("BAD_ARGUMENT", message, { domid: call.domid });
}
