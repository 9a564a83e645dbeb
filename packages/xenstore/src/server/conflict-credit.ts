import type { Clock } from "../clock.ts";
import { CONFLICT_CREDIT_INTERVAL_MS, CONFLICT_CREDIT_MAX } from "../limits.ts";

/**
 * How often a guest may still make transactions of others fail (oxenstored's conflict credit): each time
 * costs one, and one comes back every 50 ms. Without credit its requests wait. Who disturbs nobody is
 * never slowed.
 */
export class ConflictCredit {
  readonly #clock: Clock;
  readonly #regained: () => void;
  #credit = CONFLICT_CREDIT_MAX;
  #cancel: (() => void) | undefined;

  /** `regained` is called when there is credit again after there was none. */
  constructor(clock: Clock, regained: () => void) {
    this.#clock = clock;
    this.#regained = regained;
  }

  get isSpent(): boolean {
    return this.#credit === 0;
  }

  spend(): void {
    this.#credit = Math.max(this.#credit - 1, 0);
    this.#cancel ??= this.#schedule();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): () => void {
    return this.#clock.after(CONFLICT_CREDIT_INTERVAL_MS, () => {
      const wasSpent = this.isSpent;
      this.#credit += 1;
      this.#cancel = this.#credit < CONFLICT_CREDIT_MAX ? this.#schedule() : undefined;
      if (wasSpent) this.#regained();
    });
  }
}
