import type { Operation } from "../ledger/operation.ts";
import type { OperationFilter, OperationNote, OperationRepository } from "../ports/repositories.ts";
import { Owners } from "./owners.ts";
import { prepareAnnouncement, type PublisherOptions } from "./publisher.ts";

/** The ledger, of which every line is published. */
export class PublishingOperations implements OperationRepository {
  readonly #inner: OperationRepository;
  readonly #options: PublisherOptions;
  readonly #instances: Owners<string>;

  constructor(inner: OperationRepository, options: PublisherOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#instances = new Owners(async (id) => (await inner.find(id))?.instanceId);
  }

  async insert(operation: Operation, sealed?: Uint8Array): Promise<void> {
    const { id, instanceId } = operation;
    const announce = await prepareAnnouncement(this.#options, { kind: "operation", instanceId, id });
    await this.#inner.insert(operation, sealed);
    this.#instances.remember(id, instanceId);
    announce();
  }

  async note(id: string, note: OperationNote): Promise<void> {
    const instanceId = await this.#instances.of(id);
    const announce = await prepareAnnouncement(this.#options, { kind: "operation", instanceId, id });
    await this.#inner.note(id, note);
    announce();
  }

  find(id: string): Promise<Operation | undefined> {
    return this.#inner.find(id);
  }

  list(filter: OperationFilter): Promise<readonly Operation[]> {
    return this.#inner.list(filter);
  }

  sealedOf(id: string): Promise<Uint8Array | undefined> {
    return this.#inner.sealedOf(id);
  }

  removeFinishedBefore(date: Date): Promise<number> {
    return this.#inner.removeFinishedBefore(date);
  }
}
