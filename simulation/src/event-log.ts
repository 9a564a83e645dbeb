import { createHash } from "node:crypto";
import type { Clock } from "@nova-agent/xenstore";

/** What happened in a run, in order: two runs are the same when their hashes are. */
export class EventLog {
  readonly #clock: Clock;
  readonly #hash = createHash("sha256");
  readonly #lines: string[] = [];
  readonly #isKept: boolean;

  constructor({
    clock,
    isKept,
  }: {
    readonly clock: Clock;
    /** Whether the lines stay to be read. */ readonly isKept: boolean;
  }) {
    this.#clock = clock;
    this.#isKept = isKept;
  }

  /** Only the lines of importance; none when they are not kept. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes down what somebody reads who looks for a fault. */
  record(text: string): void {
    const line = `${(this.#clock.nowMs() / 1000).toFixed(3)} ${text}`;
    this.#hash.update(`${line}\n`);
    if (this.#isKept) this.#lines.push(line);
  }

  /** Takes down what is good for the hash alone: packets. */
  stir(bytes: Uint8Array): void {
    this.#hash.update(`${this.#clock.nowMs()}`).update(bytes);
  }

  /** SHA-256 of all, in hexadecimal digits; ends the log. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}
