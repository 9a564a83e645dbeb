import type { CancelSignal } from "../cancel-signal.ts";
import { Canceller } from "./canceller.ts";

interface Task {
  readonly canceller: Canceller;
  readonly ended: Promise<void>;
}

/** What goes on behind an answered request: at most one task an instance. */
export class BackgroundTasks {
  readonly #tasks = new Map<string, Task>();
  #isClosed = false;

  /** Runs `body`, which handles its own errors, behind what goes on for the instance. */
  start(instanceId: string, body: (signal: CancelSignal) => Promise<void>): void {
    if (this.#isClosed) return;
    const former = this.#tasks.get(instanceId)?.ended;
    const canceller = new Canceller();
    const run = async (): Promise<void> => {
      await former;
      try {
        await body(canceller);
      } finally {
        if (this.#tasks.get(instanceId)?.canceller === canceller) this.#tasks.delete(instanceId);
      }
    };
    this.#tasks.set(instanceId, { canceller, ended: run() });
  }

  /** Asks the task of the instance to give up; it ends in its own time. */
  cancel(instanceId: string): void {
    this.#tasks.get(instanceId)?.canceller.cancel();
  }

  /** Resolves when nothing goes on, also nothing that began meanwhile. */
  async idle(): Promise<void> {
    while (this.#tasks.size > 0) {
      await Promise.all([...this.#tasks.values()].map(({ ended }) => ended));
    }
  }

  /** Lets every task give up, and waits until all have. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { canceller } of this.#tasks.values()) canceller.cancel();
    await this.idle();
  }
}
