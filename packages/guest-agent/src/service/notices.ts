import type { Logger } from "../log.ts";
import type { System } from "../system/system.ts";

/** Through whom the service manager is told, and where it is logged that it could not be. */
export interface NoticesOptions {
  readonly system: Pick<System, "notify">;
  readonly log: Logger;
}

/** Messages to the service manager, one after the other; one that is not taken is a warning. */
export class Notices {
  readonly #options: NoticesOptions;
  #last = Promise.resolve();

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  tell(state: string): void {
    this.#last = this.#last.then(() => this.#notify(state));
  }

  /** Resolves when all are told. */
  told(): Promise<void> {
    return this.#last;
  }

  async #notify(state: string): Promise<void> {
    const { system, log } = this.#options;
    try {
      await system.notify(state);
    } catch (error) {
      log.warn("Could not tell the service manager", {
        state,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
