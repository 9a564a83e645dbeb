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
  #alarms = 0;
  #isAlive = true;

  constructor(options: { readonly name: string; readonly clock: Clock; readonly whenKilled?: () => void }) {
    const { name, clock, whenKilled = () => undefined } = options;
    this.name = name;
    this.#whenKilled = whenKilled;
    this.clock = {
      nowMs: () => clock.nowMs(),
      after: (delayMs, callback) => this.#after(clock, { delayMs, callback }),
    };
  }

  /** How many alarms it has set that have neither rung nor been stopped. */
  get alarmCount(): number {
    return this.#alarms;
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

  #after(
    clock: Clock,
    { delayMs, callback }: { readonly delayMs: number; readonly callback: () => void },
  ): () => void {
    let isOver = false;
    const over = (): void => {
      if (!isOver) this.#alarms -= 1;
      isOver = true;
    };
    this.#alarms += 1;
    const stop = clock.after(delayMs, () => {
      over();
      if (this.#isAlive) callback();
    });
    return () => {
      over();
      stop();
    };
  }

  /** Ends it at once; safe to call twice. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const transport of this.#transports) transport.close();
    this.#whenKilled();
  }
}
