import { EXCHANGE_FAILURES_MAX } from "./limits.ts";
import type { ExchangeChange } from "./plan.ts";
import type { Secret } from "./secret.ts";

/**
 * Keeps what `keyinit` agreed until it is used, replaced or misused: one exchange is good for one
 * password, and for a few failures, because a host may try again with the same one.
 */
export class ExchangeKeeper {
  #secret: Secret | undefined;
  #failures = 0;

  /** The shared number's decimal text, while an exchange is open. */
  get secret(): Secret | undefined {
    return this.#secret;
  }

  /** Carries out what a successful plan said about the exchange. */
  apply(change: ExchangeChange | undefined): void {
    if (change === undefined) return;
    this.wipe();
    if (change.kind === "start") this.#secret = change.secret;
  }

  /** Counts a failed use; the last one allowed ends the exchange. */
  countFailure(): void {
    this.#failures += 1;
    if (this.#failures >= EXCHANGE_FAILURES_MAX) this.wipe();
  }

  /** Zeroes and forgets the exchange; safe to call twice. */
  wipe(): void {
    this.#secret?.wipe();
    this.#secret = undefined;
    this.#failures = 0;
  }
}
