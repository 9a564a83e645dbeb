import type { CancelSignal } from "./cancel-signal.ts";
import { HostError } from "./errors.ts";
import { GUEST_QUEUE_MAX } from "./limits.ts";
import { cancelledBeforeError } from "./model/exchange-errors.ts";

/** Whose turn is asked for. */
export interface Turn {
  /** The same for all callers for one guest, and as long as the guest lives (`guestKey`). */
  readonly key: string;
  /** Where the guest was met, for messages. */
  readonly domid: number;
  readonly signal?: CancelSignal | undefined;
}

/**
 * One thing at a time for a guest, in the order of asking. A `keyinit` and the `password` after it are a
 * pair, and a second `keyinit` in between would spoil both. The key is not the domid: a guest that moves
 * while it is held is still the same guest for whoever asks for it at its new domid.
 */
export class GuestLock {
  readonly #queues = new Map<string, (() => void)[]>();

  /** Runs `body` when it is this caller's turn. Rejects with GUEST_BUSY when the queue is full. */
  async run<Result>(turn: Turn, body: () => Promise<Result>): Promise<Result> {
    await this.#enter(turn);
    try {
      return await body();
    } finally {
      this.#leave(turn.key);
    }
  }

  async #enter({ key, domid, signal }: Turn): Promise<void> {
    throwIfCancelled(domid, signal);
    const queue = this.#queues.get(key);
    if (queue === undefined) {
      this.#queues.set(key, []);
      return;
    }
    if (queue.length >= GUEST_QUEUE_MAX) {
      const message = `${GUEST_QUEUE_MAX} callers already wait for domain ${domid}. Ask again later`;
      throw new HostError("GUEST_BUSY", message, { domid });
    }
    await waitInQueue(queue, domid, signal);
  }

  #leave(key: string): void {
    const next = this.#queues.get(key)?.shift();
    if (next === undefined) this.#queues.delete(key);
    else next();
  }
}

async function waitInQueue(
  queue: (() => void)[],
  domid: number,
  signal: CancelSignal | undefined,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => {
      queue.splice(queue.indexOf(enter), 1);
      reject(cancelledBeforeError(domid));
    };
    const enter = (): void => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    };
    queue.push(enter);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

/** Throws CANCELLED when the caller has given up already. */
export function throwIfCancelled(domid: number, signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw cancelledBeforeError(domid);
}
