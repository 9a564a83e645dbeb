import type { CancelSignal } from "./cancel-signal.ts";
import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { HostError, type HostErrorCode } from "./errors.ts";
import { exchange } from "./exchange.ts";
import type { ExchangeRecord } from "./exchange-record.ts";
import { ifPresent } from "./domains.ts";
import { GuestLock, throwIfCancelled } from "./guest-lock.ts";
import { LATE_REPLIES_MAX, TIMEOUT_MAX_MS } from "./limits.ts";
import { commandRule, isSuccess } from "./model/command-rule.ts";
import { refusedError, translateXenstoreError } from "./model/exchange-errors.ts";
import type { ExchangeProgress } from "./model/exchange-progress.ts";
import { replyPath } from "./model/guest-paths.ts";
import type { GuestReply } from "./model/reply.ts";
import type { GuestRequest } from "./model/request.ts";
import { type GuestAddress, TrackedGuest } from "./tracked-guest.ts";

export interface HostConnectorOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  /** A new GUID at every call, as crypto.randomUUID gives. */
  readonly newId: () => string;
}

/** What every operation on a guest takes. */
export interface GuestCall extends GuestAddress {
  /** In place of the command's own limit, for each request. */
  readonly timeoutMs?: number | undefined;
  /** Giving up withdraws the request that is under way. */
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: ExchangeProgress) => void) | undefined;
  /** Of whoever makes sure that nothing is forgotten, late replies to its own ids included. */
  readonly record?: ExchangeRecord | undefined;
}

/** How one request differs from the others of its call. */
export interface SendOptions {
  /** In place of every other limit. */
  readonly timeoutMs?: number | undefined;
  /** For a caller that begins anew when the guest has moved: see `ExchangeOptions`. */
  readonly endsAtMove?: boolean | undefined;
  /** For a request that was written before, under an id of the record: see `ExchangeOptions`. */
  readonly isResumed?: boolean | undefined;
}

/** A guest, held: nobody else in this process talks to it meanwhile, also when it moves to another domid. */
export interface HeldGuest {
  /** Where it is now, or was last. */
  readonly domid: number;
  /** The reply, whatever it says. */
  send(request: GuestRequest, options?: SendOptions): Promise<GuestReply>;
  /** The reply of a command that was done; throws GUEST_REFUSED when the guest says that it was not. */
  ask(request: GuestRequest, options?: SendOptions): Promise<GuestReply>;
}

interface LateReply {
  /** Of the guest, which may be at another domid when the reply comes. */
  readonly key: string;
  readonly id: string;
}

// After these the guest may still answer.
const unansweredCodes: ReadonlySet<HostErrorCode> = new Set([
  "GUEST_TIMEOUT",
  "CANCELLED",
  "OUTCOME_UNKNOWN",
]);

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
    const { domid, signal } = call;
    assertTimeout(call);
    throwIfCancelled(domid, signal);
    const guest = await this.#orFail(call, () => TrackedGuest.meet(this, call));
    return this.#lock.run({ key: guest.key, domid, signal }, async () => {
      await this.#orFail(call, () => this.#removeLateReplies(guest));
      return body(this.#heldGuest(guest, call));
    });
  }

  #heldGuest(guest: TrackedGuest, call: GuestCall): HeldGuest {
    const send: HeldGuest["send"] = (request, options = {}) =>
      this.#exchange(guest, call, { request, ...options });
    const ask: HeldGuest["ask"] = async (request, options) => {
      const reply = await send(request, options);
      if (isSuccess(request.name, reply)) return reply;
      throw refusedError({ domid: guest.domid, command: request.name, ...reply });
    };
    return {
      get domid() {
        return guest.domid;
      },
      send,
      ask,
    };
  }

  async #exchange(
    guest: TrackedGuest,
    { signal, onProgress, record, ...call }: GuestCall,
    { request, endsAtMove, isResumed, ...options }: SendOptions & { readonly request: GuestRequest },
  ): Promise<GuestReply> {
    const timeoutMs = options.timeoutMs ?? call.timeoutMs ?? commandRule(request.name).timeoutMs;
    const ownId = record?.idFor(request.name);
    const id = ownId ?? this.#newId();
    const remember = (): void => {
      if (ownId === undefined) this.#rememberLateReply({ key: guest.key, id });
    };
    const formerDomid = guest.domid;
    try {
      const reply = await exchange(this, {
        guest,
        id,
        request,
        timeoutMs,
        endsAtMove,
        isResumed,
        signal,
        onProgress,
        record,
      });
      // It may have been asked twice, and answer twice.
      if (guest.domid !== formerDomid) remember();
      return reply;
    } catch (error) {
      const isUnanswered = error instanceof HostError && unansweredCodes.has(error.code);
      if (isUnanswered) remember();
      throw error;
    }
  }

  #rememberLateReply(late: LateReply): void {
    this.#lateReplies = [...this.#lateReplies, late].slice(-LATE_REPLIES_MAX);
  }

  /** Replies that came when nobody waited any more would stay, and fill the guest's quota. */
  async #removeLateReplies({ key, domid }: TrackedGuest): Promise<void> {
    const late = this.#lateReplies.filter((reply) => reply.key === key);
    if (late.length === 0) return;
    const isLate = await Promise.all(late.map(({ id }) => this.xenstore.exists(replyPath(domid, id))));
    const found = late.filter((_reply, index) => isLate[index] === true);
    await Promise.all(found.map(({ id }) => ifPresent(this.xenstore.remove(replyPath(domid, id)))));
    this.#lateReplies = this.#lateReplies.filter((reply) => !found.includes(reply));
  }

  async #orFail<Result>({ domid }: GuestCall, body: () => Promise<Result>): Promise<Result> {
    try {
      return await body();
    } catch (error) {
      throw translateXenstoreError(error, { domid });
    }
  }
}

function assertTimeout(call: GuestCall): void {
  const { timeoutMs } = call;
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= TIMEOUT_MAX_MS)) return;
  const message = `A wait of ${timeoutMs / 1000} s is not more than 0 and at most ${TIMEOUT_MAX_MS / 1000} s`;
  throw new HostError("BAD_ARGUMENT", message, { domid: call.domid });
}
