import type { Clock } from "@nova-agent/host";

/** A clock that stands still until a test moves its hands. */
export class HandClock implements Clock {
  readonly #alarms = new Map<() => void, number>();
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const ring = (): void => callback();
    this.#alarms.set(ring, this.#nowMs + delayMs);
    return () => void this.#alarms.delete(ring);
  }

  /** How many alarms are set. */
  get alarmCount(): number {
    return this.#alarms.size;
  }

  /** Moves on, then rings what is due. */
  advance(byMs: number): void {
    this.#nowMs += byMs;
    for (const [ring, atMs] of this.#alarms) {
      if (atMs > this.#nowMs || !this.#alarms.delete(ring)) continue;
      ring();
    }
  }
}
