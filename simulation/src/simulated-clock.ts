import type { Clock } from "@nova-agent/xenstore";

interface Alarm {
  readonly atMs: number;
  /** Of two at the same time the one that was set first rings first. */
  readonly order: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/** Time of a run: it passes only between two alarms, when nobody has anything left to do. */
export class SimulatedClock implements Clock {
  #nowMs = 0;
  #order = 0;
  /** A binary heap: the next alarm is the first. */
  readonly #alarms: Alarm[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.#order += 1;
    const alarm = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order,
      callback,
      isCancelled: false,
    };
    this.#push(alarm);
    return () => {
      alarm.isCancelled = true;
    };
  }

  /** Resolves when the time has passed. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /**
   * Lets time pass up to `untilMs`. Between two alarms all promises are drained: what runs here waits for
   * alarms and promises alone, so that a turn of the event loop leaves none of them behind.
   */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await drainPromises();
      const [next] = this.#alarms;
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  #push(alarm: Alarm): void {
    const alarms = this.#alarms;
    let at = alarms.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(alarm, alarms[parent])) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const alarms = this.#alarms;
    const last = alarms.pop();
    if (last === undefined || alarms.length === 0) return;
    alarms[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isBefore(alarms[right], alarms[left]) ? right : left;
      if (!isBefore(alarms[child], last)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#alarms[one], this.#alarms[other]];
    if (first === undefined || second === undefined) throw new RangeError("No such alarm");
    this.#alarms[one] = second;
    this.#alarms[other] = first;
  }
}

function isBefore(one: Alarm | undefined, other: Alarm | undefined): boolean {
  if (one === undefined) return false;
  if (other === undefined) return true;
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}

function drainPromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
