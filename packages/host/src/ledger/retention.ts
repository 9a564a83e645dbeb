import type { Clock } from "@nova-agent/xenstore";
import { AUDIT_KEPT_MS, OPERATIONS_KEPT_MS, RETENTION_INTERVAL_MS } from "../limits.ts";
import type { Log } from "../ports/log.ts";
import type { HistoryRepository, OperationRepository } from "../ports/repositories.ts";

export interface RetentionOptions {
  readonly operations: Pick<OperationRepository, "removeFinishedBefore">;
  readonly history: HistoryRepository;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly log: Log;
  /** How long finished operations and deleted instances are kept; 90 days without it. */
  readonly keptMs?: number | undefined;
  /** How long rows of the audit are kept; 365 days without it. */
  readonly auditKeptMs?: number | undefined;
}

/** Removes what has been over for long: once at the start, then every day. */
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

  async #removeOld(): Promise<void> {
    const { operations, history, keptMs = OPERATIONS_KEPT_MS, auditKeptMs = AUDIT_KEPT_MS } = this.#options;
    await this.#remove("operations", () => operations.removeFinishedBefore(this.#before(keptMs)));
    await this.#remove("instances", () => history.removeDeletedBefore(this.#before(keptMs)));
    await this.#remove("audit rows", () => history.removeAuditBefore(this.#before(auditKeptMs)));
    await this.#remove("tokens", () => history.removeExpiredTokens());
  }

  /** A failure costs a day: the next one removes what this one left. */
  async #remove(what: string, remove: () => Promise<number>): Promise<void> {
    if (this.#isClosed) return;
    const { log } = this.#options;
    try {
      const count = await remove();
      if (count > 0) log.info(`old ${what} removed`, { count });
    } catch (error) {
      log.warn(`old ${what} not removed`, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #before(keptMs: number): Date {
    return new Date(this.#options.now().getTime() - keptMs);
  }
}
