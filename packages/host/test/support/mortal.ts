import type { Transport } from "@nova-agent/xenstore";
import type { OperationRepository } from "../../src/index.ts";

/** At which step a process dies, and whether the step still takes effect. */
export interface Death {
  readonly step: number;
  readonly isAfter: boolean;
}

/**
 * The life of one process: every step to the outside is counted, and from the fatal one on nothing goes
 * out and nothing comes back, as after a kill.
 */
export class Life {
  readonly #death: Death | undefined;
  readonly #end: Promise<void>;
  #onEnd: () => void = () => {};
  #steps = 0;
  #isDead = false;

  constructor(death: Death | undefined) {
    this.#death = death;
    this.#end = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Resolves at the death. */
  get end(): Promise<void> {
    return this.#end;
  }

  /** Whether the next step takes effect. */
  step(): boolean {
    if (this.#isDead) return false;
    const isFatal = this.#steps === this.#death?.step;
    this.#steps += 1;
    if (!isFatal) return true;
    this.#isDead = true;
    this.#onEnd();
    return this.#death?.isAfter ?? false;
  }
}

/** The transport of a process that may die: each packet that it sends is a step. */
export class MortalTransport implements Transport {
  readonly pause: Transport["pause"];
  readonly resume: Transport["resume"];
  readonly close: Transport["close"];
  readonly #inner: Transport;
  readonly #life: Life;

  constructor(inner: Transport, life: Life) {
    this.#inner = inner;
    this.#life = life;
    this.pause = () => inner.pause();
    this.resume = () => inner.resume();
    this.close = () => inner.close();
  }

  get queuedBytes(): number {
    return this.#inner.queuedBytes;
  }

  readonly start: Transport["start"] = (handlers) =>
    this.#inner.start({
      ...handlers,
      receive: (bytes) => {
        if (!this.#life.isDead) handlers.receive(bytes);
      },
      closed: (reason) => {
        if (!this.#life.isDead) handlers.closed(reason);
      },
    });

  send(bytes: Uint8Array): boolean {
    return this.#life.step() ? this.#inner.send(bytes) : true;
  }
}

/** The ledger as a process sees it that may die: what comes back after its death never does. */
export function mortalOperations(inner: OperationRepository, life: Life): OperationRepository {
  const step = async <Result>(body: () => Promise<Result>): Promise<Result> => {
    const result = life.step() ? await body() : undefined;
    if (life.isDead) await new Promise<never>(() => {});
    // Undefined only for the dead, who never come here.
    return result as Result;
  };
  return {
    insert: (operation, sealed) => step(() => inner.insert(operation, sealed)),
    note: (id, note) => step(() => inner.note(id, note)),
    find: (id) => step(() => inner.find(id)),
    list: (filter) => step(() => inner.list(filter)),
    sealedOf: (id) => step(() => inner.sealedOf(id)),
    removeFinishedBefore: (date) => step(() => inner.removeFinishedBefore(date)),
  };
}
