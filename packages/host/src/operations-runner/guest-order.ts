import type { CancelSignal } from "../cancel-signal.ts";
import { HostError } from "../errors.ts";
import { GUEST_QUEUE_MAX } from "../limits.ts";

/** A place in the order of a guest. */
export interface GuestPlace {
  /** Resolves when all before it have left. Throws CANCELLED when the signal comes first. */
  wait(signal: CancelSignal): Promise<void>;
  /** Lets the next one go on. Safe to call twice. */
  leave(): void;
}

/**
 * The operations that change a guest, in the order of the ledger: one that is tried again while its domain
 * is away, or XenStore, must not be carried out after a newer one.
 */
export class GuestOrder {
  /** Of each guest, the last place and how many there are. */
  readonly #guests = new Map<string, { readonly last: Promise<void>; readonly count: number }>();

  /** Throws GUEST_BUSY when too many wait. */
  enter(instanceId: string): GuestPlace {
    const guest = this.#guests.get(instanceId);
    const count = guest?.count ?? 0;
    if (count > GUEST_QUEUE_MAX) {
      const text = `${GUEST_QUEUE_MAX} operations already wait for instance ${instanceId}. Ask again later`;
      throw new HostError("GUEST_BUSY", text);
    }
    const { promise: hasLeft, resolve: leave } = openPromise();
    const before = guest?.last;
    const last = before === undefined ? hasLeft : before.then(() => hasLeft);
    this.#guests.set(instanceId, { last, count: count + 1 });
    void last.then(() => this.#forget(instanceId));
    return { wait: (signal) => waitFor(before, { instanceId, signal }), leave };
  }

  #forget(instanceId: string): void {
    const guest = this.#guests.get(instanceId);
    if (guest === undefined || guest.count === 1) this.#guests.delete(instanceId);
    else this.#guests.set(instanceId, { ...guest, count: guest.count - 1 });
  }
}

async function waitFor(
  before: Promise<void> | undefined,
  { instanceId, signal }: { readonly instanceId: string; readonly signal: CancelSignal },
): Promise<void> {
  if (before === undefined) return;
  const { promise: isAborted, resolve: abort } = openPromise();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const isNext = await Promise.race([before.then(() => true), isAborted.then(() => false)]);
  signal.removeEventListener("abort", abort);
  if (isNext) return;
  throw new HostError("CANCELLED", `Cancelled before anything was sent to instance ${instanceId}`);
}

function openPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => {
    resolvers.push(resolve);
  });
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}
