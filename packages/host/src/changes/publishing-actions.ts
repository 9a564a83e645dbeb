import type { Action } from "../instances/instance.ts";
import type { ActionRepository } from "../ports/repositories.ts";
import type { Requester } from "../ports/requester.ts";
import { Owners } from "./owners.ts";
import { type Announce, prepareAnnouncement, type PublisherOptions } from "./publisher.ts";

/** What is asked of instances, of which every step is published. */
export class PublishingActions implements ActionRepository {
  readonly #inner: ActionRepository;
  readonly #options: PublisherOptions;
  readonly #instances: Owners<string>;

  constructor(inner: ActionRepository, options: PublisherOptions) {
    this.#inner = inner;
    this.#options = options;
    // Only what has no end yet is changed.
    this.#instances = new Owners(async (id) => {
      const action = (await inner.unfinished()).find(({ requestId }) => requestId === id);
      return action?.instanceId;
    });
  }

  async begin(
    requester: Requester,
    what: { readonly instanceId: string; readonly action: string },
  ): Promise<void> {
    const { requestId: id } = requester;
    const { instanceId } = what;
    const announce = await prepareAnnouncement(this.#options, { kind: "action", instanceId, id });
    await this.#inner.begin(requester, what);
    this.#instances.remember(id, instanceId);
    announce();
  }

  async beginEvent(requestId: string, event: string): Promise<void> {
    const announce = await this.#prepare(requestId);
    await this.#inner.beginEvent(requestId, event);
    announce();
  }

  async endEvent(
    requestId: string,
    end: { readonly event: string; readonly isSuccess: boolean; readonly details?: string },
  ): Promise<void> {
    const announce = await this.#prepare(requestId);
    await this.#inner.endEvent(requestId, end);
    announce();
  }

  async end(requestId: string, message: string | null): Promise<void> {
    const announce = await this.#prepare(requestId);
    await this.#inner.end(requestId, message);
    announce();
  }

  list(instanceId: string): Promise<readonly Action[]> {
    return this.#inner.list(instanceId);
  }

  find(instanceId: string, requestId: string): Promise<Action | undefined> {
    return this.#inner.find(instanceId, requestId);
  }

  async unfinished(): Promise<readonly Action[]> {
    const actions = await this.#inner.unfinished();
    // Those of the process before this one are ended next, one by one.
    for (const { requestId, instanceId } of actions) this.#instances.remember(requestId, instanceId);
    return actions;
  }

  async #prepare(id: string): Promise<Announce> {
    return prepareAnnouncement(this.#options, {
      kind: "action",
      instanceId: await this.#instances.of(id),
      id,
    });
  }
}
