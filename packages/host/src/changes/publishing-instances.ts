import type { FixedIp, FreePort, Instance, Port, TaskState } from "../instances/instance.ts";
import type { InstanceFilter, InstanceRepository, MetadataChange } from "../ports/repositories.ts";
import { type Announce, prepareAnnouncement, type PublisherOptions } from "./publisher.ts";

/** Instances and their cards, of which every change is published. */
export class PublishingInstances implements InstanceRepository {
  readonly #inner: InstanceRepository;
  readonly #options: PublisherOptions;

  constructor(inner: InstanceRepository, options: PublisherOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  async insert(instance: Instance): Promise<void> {
    await this.#inner.insert(instance);
    const { id, projectId } = instance;
    this.#options.projects.remember(id, projectId);
    this.#options.feed.publish({ kind: "instance", instanceId: id, projectId, id });
  }

  find(id: string): Promise<Instance | undefined> {
    return this.#inner.find(id);
  }

  list(filter: InstanceFilter): Promise<readonly Instance[]> {
    return this.#inner.list(filter);
  }

  async update(
    id: string,
    changes: Partial<Omit<Instance, "id">>,
    expected?: { readonly taskState: TaskState | null },
  ): Promise<boolean> {
    const announce = await this.#prepare(id);
    const isUpdated = await this.#inner.update(id, changes, expected);
    if (isUpdated) announce();
    return isUpdated;
  }

  async changeMetadata(
    id: string,
    decide: (former: Instance["metadata"]) => Instance["metadata"],
  ): Promise<MetadataChange | undefined> {
    const announce = await this.#prepare(id);
    const change = await this.#inner.changeMetadata(id, decide);
    if (change !== undefined) announce();
    return change;
  }

  ports(instanceId: string): Promise<readonly Port[]> {
    return this.#inner.ports(instanceId);
  }

  portsOf(instanceIds: readonly string[]): Promise<ReadonlyMap<string, readonly Port[]>> {
    return this.#inner.portsOf(instanceIds);
  }

  findPort(id: string): Promise<Port | undefined> {
    return this.#inner.findPort(id);
  }

  async insertPort(port: Port): Promise<void> {
    const announce = await this.#prepare(port.instanceId);
    await this.#inner.insertPort(port);
    announce();
  }

  async setFixedIps(portId: string, fixedIps: readonly FixedIp[]): Promise<void> {
    const announce = await this.#prepareOfPort(portId);
    await this.#inner.setFixedIps(portId, fixedIps);
    announce();
  }

  async removePort(id: string): Promise<void> {
    const announce = await this.#prepareOfPort(id);
    await this.#inner.removePort(id);
    announce();
  }

  freePorts(projectId: string): Promise<readonly FreePort[]> {
    return this.#inner.freePorts(projectId);
  }

  findFreePort(id: string): Promise<FreePort | undefined> {
    return this.#inner.findFreePort(id);
  }

  insertFreePort(port: FreePort): Promise<void> {
    return this.#inner.insertFreePort(port);
  }

  removeFreePort(id: string): Promise<boolean> {
    return this.#inner.removeFreePort(id);
  }

  async bindPort(
    id: string,
    place: { readonly instanceId: string; readonly index: number },
  ): Promise<boolean> {
    const announce = await this.#prepare(place.instanceId);
    const isBound = await this.#inner.bindPort(id, place);
    if (isBound) announce();
    return isBound;
  }

  async releasePort(id: string): Promise<void> {
    const announce = await this.#prepareOfPort(id);
    await this.#inner.releasePort(id);
    announce();
  }

  usedAddresses(networkId: string): Promise<readonly string[]> {
    return this.#inner.usedAddresses(networkId);
  }

  #prepare(instanceId: string | undefined): Promise<Announce> {
    return prepareAnnouncement(this.#options, { kind: "instance", instanceId, id: instanceId ?? "" });
  }

  async #prepareOfPort(id: string): Promise<Announce> {
    return this.#prepare((await this.#inner.findPort(id))?.instanceId);
  }
}
