import { isFinished, type Operation } from "../ledger/operation.ts";
import type { OperationFilter, OperationNote, OperationRepository } from "../ports/repositories.ts";

/** A ledger in memory. What is noted of a finished operation is not taken, but `late` after `timedOut`. */
export class MemoryOperations implements OperationRepository {
  readonly #rows = new Map<string, { operation: Operation; sealed: Uint8Array | undefined }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  async insert(operation: Operation, sealed?: Uint8Array): Promise<void> {
    this.#rows.set(operation.id, { operation, sealed });
  }

  async note(id: string, { text, ...changes }: OperationNote): Promise<void> {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const { operation } = row;
    const isLate = operation.state === "timedOut" && changes.state === "late";
    if (isFinished(operation) && !isLate) return;
    const at = this.#now();
    const timeline = [...operation.timeline, { at, state: changes.state, text }];
    row.operation = { ...operation, ...changes, updatedAt: at, timeline };
    if (isFinished(changes)) row.sealed = undefined;
  }

  async find(id: string): Promise<Operation | undefined> {
    return this.#rows.get(id)?.operation;
  }

  async list(filter: OperationFilter): Promise<readonly Operation[]> {
    const { instanceId, requestId, projectId, limit = 1000 } = filter;
    return [...this.#rows.values()]
      .map(({ operation }) => operation)
      .filter((operation) => instanceId === undefined || operation.instanceId === instanceId)
      .filter((operation) => requestId === undefined || operation.requestId === requestId)
      .filter((operation) => projectId === undefined || operation.projectId === projectId)
      .filter((operation) => filter.isFinished === undefined || isFinished(operation) === filter.isFinished)
      .toReversed()
      .slice(0, limit);
  }

  async sealedOf(id: string): Promise<Uint8Array | undefined> {
    return this.#rows.get(id)?.sealed;
  }

  async removeFinishedBefore(date: Date): Promise<number> {
    const old = [...this.#rows.values()].filter(
      ({ operation }) => isFinished(operation) && operation.updatedAt < date,
    );
    for (const { operation } of old) this.#rows.delete(operation.id);
    return old.length;
  }
}
