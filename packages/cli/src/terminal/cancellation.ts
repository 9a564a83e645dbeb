import type { CancelSignal } from "@nova-agent/host";

/** A caller's giving up, for engines that have no AbortController. */
export class Cancellation implements CancelSignal {
  readonly #listeners = new Set<() => void>();
  #isCancelled = false;

  get aborted(): boolean {
    return this.#isCancelled;
  }

  /** Tells it to everybody who listens, once. */
  cancel(): void {
    this.#isCancelled = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
