import { EXCHANGE_FAILURES_MAX } from "../limits.ts";
import type { ExchangeChange } from "../plan.ts";
import type { Secret } from "../secret.ts";

/** A key exchange between two requests, as what carries them out sees it. */
export interface OpenExchange {
  /** The shared number's decimal text, while an exchange is open. */
  readonly secret: Secret | undefined;
  /** Carries out what a successful plan said about the exchange. */
  apply(change: ExchangeChange | undefined): void;
  /** Counts a failed use; the last one allowed ends the exchange. */
  countFailure(): void;
  /** Zeroes and forgets the exchange; safe to call twice. */
  wipe(): void;
}

/**
 * Keeps what `keyinit` agreed until it is used, replaced or misused: one exchange is good for one
 * password, and for a few failures, because a host may try again with the same one.
 */
export class ExchangeKeeper implements OpenExchange {
  #secret: Secret | undefined;
  #failures = 0;

  get secret(): Secret | undefined {
    return this.#secret;
  }

  apply(change: ExchangeChange | undefined): void {
    if (change === undefined) return;
    this.wipe();
    if (change.kind === "start") this.#secret = change.secret;
  }

  countFailure(): void {
    this.#failures += 1;
    if (this.#failures >= EXCHANGE_FAILURES_MAX) this.wipe();
  }

  wipe(): void {
    this.#secret?.wipe();
    this.#secret = undefined;
    this.#failures = 0;
  }
}
