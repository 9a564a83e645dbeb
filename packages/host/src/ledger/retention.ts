import type { Clock } from "@nova-agent/xenstore";
import { OPERATIONS_KEPT_MS, RETENTION_INTERVAL_MS } from "../limits.ts";
import type { Log } from "../ports/log.ts";
import type { OperationRepository } from "../ports/repositories.ts";

export interface RetentionOptions {
  readonly operations: Pick<OperationRepository, "removeFinishedBefore">;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly log: Log;
  /** How long finished operations are kept; 90 days without it. */
  readonly keptMs?: number | undefined;
}

/** Removes old operations from the ledger: once at the start, then every day. */
export class Retention {
  readonly #options: RetentionOptions;
  #cancelNext: () => void = () => undefined;
  #current: Promise<void>;
  #isClosed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#current = this.#run();
  }

  /** Removes nothing more, and waits for what is under way. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelNext();
    await this.#current;
  }

  async #run(): Promise<void> {
    await this.#removeOld();
    if (this.#isClosed) return;
    this.#cancelNext = this.#options.clock.after(RETENTION_INTERVAL_MS, () => {
      this.#current = this.#run();
    });
  }

  /** A failure costs a day: the next one removes what this one left. */
  async #removeOld(): Promise<void> {
    const { operations, now, log, keptMs = OPERATIONS_KEPT_MS } = this.#options;
    try {
      const count = await operations.removeFinishedBefore(new Date(now().getTime() - keptMs));
      if (count > 0) log.info("old operations removed", { count });
    } catch (error) {
      log.warn("old operations not removed", {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
