import type { CancelSignal } from "../cancel-signal.ts";

/** A signal that can be given here, and that passes on the one of a caller. */
export class Cancellation implements CancelSignal {
  readonly #outer: CancelSignal | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #pass = (): void => this.abort();
  #isAborted = false;

  constructor(outer: CancelSignal | undefined) {
    this.#outer = outer;
    this.#isAborted = outer?.aborted === true;
    outer?.addEventListener("abort", this.#pass, { once: true });
  }

  get aborted(): boolean {
    return this.#isAborted;
  }

  /** Safe to call twice. */
  abort(): void {
    this.#isAborted = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** Forgets the caller's signal, which may live longer. */
  release(): void {
    this.#outer?.removeEventListener("abort", this.#pass);
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
