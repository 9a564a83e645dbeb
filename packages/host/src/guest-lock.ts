import { HostError } from "./errors.ts";
import { GUEST_QUEUE_MAX } from "./limits.ts";

/**
 * One thing at a time for a guest, in the order of asking. A `keyinit` and the `password` after it are a
 * pair, and a second `keyinit` in between would spoil both.
 */
export class GuestLock {
  readonly #queues = new Map<number, (() => void)[]>();

  /** Runs `body` when it is this caller's turn. Rejects with GUEST_BUSY when the queue is full. */
  async run<Result>(
    options: { readonly domid: number; readonly signal?: AbortSignal | undefined },
    body: () => Promise<Result>,
  ): Promise<Result> {
    await this.#enter(options.domid, options.signal);
    try {
      return await body();
    } finally {
      this.#leave(options.domid);
    }
  }

  async #enter(domid: number, signal: AbortSignal | undefined): Promise<void> {
    throwIfCancelled(domid, signal);
    const queue = this.#queues.get(domid);
    if (queue === undefined) {
      this.#queues.set(domid, []);
      return;
    }
    if (queue.length >= GUEST_QUEUE_MAX) {
      const message = `${GUEST_QUEUE_MAX} callers already wait for domain ${domid}. Ask again later`;
      throw new HostError("GUEST_BUSY", message, { domid });
    }
    await waitInQueue(queue, domid, signal);
  }

  #leave(domid: number): void {
    const next = this.#queues.get(domid)?.shift();
    if (next === undefined) this.#queues.delete(domid);
    else next();
  }
}

async function waitInQueue(
  queue: (() => void)[],
  domid: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => {
      queue.splice(queue.indexOf(enter), 1);
      reject(cancelled(domid));
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
export function throwIfCancelled(domid: number, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(domid);
}

function cancelled(domid: number): HostError {
  return new HostError("CANCELLED", `Cancelled before anything was sent to domain ${domid}`, { domid });
}
