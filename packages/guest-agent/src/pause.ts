import type { Clock } from "@nova-agent/xenstore";

/** Waits that can all be ended at once. */
export class Pause {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Resolves after `delayMs`, or at `end()`, or at once after it. */
  wait(delayMs: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        this.#ends.delete(finish);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, finish);
      this.#ends.add(finish);
    });
  }

  /** Ends every wait, also those to come. */
  end(): void {
    this.#isEnded = true;
    for (const finish of this.#ends) finish();
  }
}
