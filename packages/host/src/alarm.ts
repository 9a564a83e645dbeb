import type { Clock } from "@nova-agent/xenstore";

/** A limit in time that remembers whether it is over, so that nobody has to be listening when it rings. */
export class Alarm {
  readonly #clock: Clock;
  readonly #onRing: () => void;
  #stop: (() => void) | undefined;
  #hasRung = false;

  constructor(clock: Clock, onRing: () => void) {
    this.#clock = clock;
    this.#onRing = onRing;
  }

  get hasRung(): boolean {
    return this.#hasRung;
  }

  /** Sets it anew. */
  start(delayMs: number): void {
    this.stop();
    this.#hasRung = false;
    this.#stop = this.#clock.after(delayMs, () => {
      this.#hasRung = true;
      this.#onRing();
    });
  }

  /** Safe to call twice. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
