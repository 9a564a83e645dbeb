import {
  isFinished,
  type Operation,
  type OperationFilter,
  type OperationNote,
  type OperationRepository,
} from "@nova-agent/host";
import type { SimulatedClock } from "./simulated-clock.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { Faults } from "./faults.ts";
import type { PlantedBug } from "./planted-bugs.ts";

/** What the ledger has of one operation. */
export interface LedgerEntry {
  operation: Operation;
  sealed: Uint8Array | undefined;
}

/** The ledger's tables, which outlive the service. */
export class SimulatedLedger {
  readonly entries = new Map<string, LedgerEntry>();
  readonly #clock: SimulatedClock;
  readonly #bug: PlantedBug | undefined;

  constructor({ clock, bug }: { readonly clock: SimulatedClock; readonly bug: PlantedBug | undefined }) {
    this.#clock = clock;
    this.#bug = bug;
  }

  /** The connection of a process: every statement takes time, and may be its last. */
  connect(process: SimulatedProcess, { faults }: { readonly faults: Faults }): OperationRepository {
    const statement = async <Result>(name: string, act: () => Result): Promise<Result> => {
      await new Promise<void>((resolve) => {
        process.clock.after(1, resolve);
      });
      if (faults.strikes("hostCrash", `${process.name}, before ${name}`)) process.kill();
      if (!process.isAlive) return never();
      const result = act();
      if (faults.strikes("hostCrash", `${process.name}, after ${name}`)) process.kill();
      return process.isAlive ? result : never();
    };
    return {
      insert: (operation, sealed) => statement("insert", () => this.#insert(operation, sealed)),
      note: (id, note) => statement(`note of ${note.state}`, () => this.#note(id, note)),
      find: (id) => statement("find", () => this.entries.get(id)?.operation),
      list: (filter) => statement("list", () => this.list(filter)),
      sealedOf: (id) => statement("sealedOf", () => this.entries.get(id)?.sealed?.slice()),
      removeFinishedBefore: () => statement("removal", () => 0),
    };
  }

  /** The newest first. */
  list(filter: OperationFilter): readonly Operation[] {
    const all = [...this.entries.values()].map(({ operation }) => operation).toReversed();
    return all.filter(
      (operation) =>
        (filter.instanceId ?? operation.instanceId) === operation.instanceId &&
        (filter.requestId ?? operation.requestId) === operation.requestId &&
        (filter.isFinished ?? isFinished(operation)) === isFinished(operation),
    );
  }

  #insert(operation: Operation, sealed: Uint8Array | undefined): void {
    this.entries.set(operation.id, { operation, sealed: sealed?.slice() });
  }

  #note(id: string, { text, ...changes }: OperationNote): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    const { operation } = entry;
    const isLate = changes.state === "late" && operation.state === "timedOut";
    if (isFinished(operation) && !isLate) return;
    const at = new Date(this.#clock.nowMs());
    const line = { at, state: changes.state, text };
    const isTwice = this.#bug === "endsAgain" && changes.state === "done";
    const timeline = [...operation.timeline, line, ...(isTwice ? [line] : [])];
    entry.operation = { ...operation, ...changes, updatedAt: at, timeline };
    if (isFinished(entry.operation)) entry.sealed = undefined;
  }
}

function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}
