import type { Clock, Watch, XenstoreClient } from "@nova-agent/xenstore";
import type { Log } from "../../ports/log.ts";
import { FOLLOW_RETRY_MS } from "../limits.ts";

export interface SpecialWatchOptions {
  readonly xenstore: Pick<XenstoreClient, "watch">;
  readonly clock: Clock;
  readonly log: Log;
  /** Such as `@introduceDomain` (xenstore.txt). */
  readonly path: string;
  readonly onEvent: () => void;
}

/** A watch that is set again when XenStore refused it or could not be asked. */
export class SpecialWatch {
  readonly #options: SpecialWatchOptions;
  readonly #running: Promise<void>;
  #watch: Watch | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(options: SpecialWatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake?.();
    // One that has failed has been told of.
    await this.#watch?.close().catch(() => undefined);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#listen();
      if (!this.#isClosed) await this.#pause();
    }
  }

  async #listen(): Promise<void> {
    const { xenstore, log, path, onEvent } = this.#options;
    try {
      this.#watch = xenstore.watch(path);
      for await (const _event of this.#watch) onEvent();
    } catch (error) {
      log.warn("Domains are not followed at the moment", { path, error: String(error) });
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.#options.clock.after(FOLLOW_RETRY_MS, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}
