import type { CancelSignal } from "../cancel-signal.ts";

/** Lets so many go at once, and the others in the order of their asking. */
export class Turns {
  readonly #atOnceMax: number;
  readonly #waiting = new Set<() => void>();
  #going = 0;

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  /** Runs `body` when it is its turn, or at once when it is given up: then it has to look at the signal. */
  async run<Result>(signal: CancelSignal, body: () => Promise<Result>): Promise<Result> {
    const hasTurn = await this.#turn(signal);
    try {
      return await body();
    } finally {
      if (hasTurn) this.#passOn();
    }
  }

  async #turn(signal: CancelSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#going < this.#atOnceMax) {
      this.#going += 1;
      return true;
    }
    return new Promise((resolve) => {
      const begin = (): void => resolve(true);
      this.#waiting.add(begin);
      signal.addEventListener("abort", () => {
        if (this.#waiting.delete(begin)) resolve(false);
      });
    });
  }

  /** The turn goes to who has waited longest. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#going -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
