import type { Clock, Transport } from "@nova-agent/xenstore";

/** A connection that can end from outside. */
export interface BreakableTransport extends Transport {
  break(): void;
}

/** A process of the simulation: killed, it does nothing more, and nothing tells it so. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #transports = new Set<BreakableTransport>();
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
  own(transport: BreakableTransport): void {
    this.#transports.add(transport);
  }

  /** Ends its connections, which it makes again. */
  breakConnections(): void {
    const transports = [...this.#transports];
    this.#transports.clear();
    for (const transport of transports) transport.break();
  }

  /** Ends it at once; safe to call twice. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const transport of this.#transports) transport.close();
    this.#whenKilled();
  }
}
