import type { Clock, Transport } from "@nova-agent/xenstore";

/** A process of the simulation: killed, it does nothing more, and nothing tells it so. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #transports = new Set<Transport>();
  readonly #whenKilled: () => void;
  #isAlive = true;

  constructor(options: { readonly name: string; readonly clock: Clock; readonly whenKilled?: () => void }) {
    const { name, clock, whenKilled = () => undefined } = options;
    this.name = name;
    this.#whenKilled = whenKilled;
    this.clock = {
      nowMs: () => clock.nowMs(),
      after: (delayMs, callback) => clock.after(delayMs, () => this.#isAlive && callback()),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** A connection, which the kernel closes with the process. */
  own(transport: Transport): void {
    this.#transports.add(transport);
  }

  /** Ends it at once; safe to call twice. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const transport of this.#transports) transport.close();
    this.#whenKilled();
  }
}
