import { type DomainInfo, type DomainSpec, HostError, type Toolstack } from "@nova-agent/host";
import { makeDomain } from "@nova-agent/host/testing";
import type { Store, XenstoreClient } from "@nova-agent/xenstore";

/** A toolstack whose domains are nodes in XenStore, where xe-daemon has reported at once. */
export class MemoryToolstack implements Toolstack {
  /** Words with which the next domain is not made. */
  failure: string | undefined;
  readonly #store: Store;
  readonly #xenstore: XenstoreClient;
  readonly #domains = new Map<string, { readonly info: DomainInfo; readonly spec: DomainSpec }>();
  #lastDomid = 4;

  constructor(store: Store, xenstore: XenstoreClient) {
    this.#store = store;
    this.#xenstore = xenstore;
  }

  async list(): Promise<readonly DomainInfo[]> {
    return [...this.#domains.values()].map(({ info }) => info);
  }

  async find(uuid: string): Promise<DomainInfo | undefined> {
    return this.#domains.get(uuid)?.info;
  }

  async create(spec: DomainSpec): Promise<DomainInfo> {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw new HostError("TOOLSTACK_FAILED", failure);
    this.#lastDomid += 1;
    const info = { uuid: spec.uuid, domid: this.#lastDomid, name: spec.name };
    this.#store.introduce(info.domid);
    await makeDomain(this.#xenstore, info);
    await this.#xenstore.write(`/local/domain/${info.domid}/data/updated`, "1");
    this.#domains.set(spec.uuid, { info, spec });
    return info;
  }

  async shutdown(uuid: string): Promise<void> {
    await this.destroy(uuid);
  }

  async reboot(uuid: string): Promise<DomainInfo> {
    const domain = this.#domains.get(uuid);
    if (domain === undefined) throw new HostError("NO_SUCH_DOMAIN", `No domain has ${uuid}`);
    await this.destroy(uuid);
    return this.create(domain.spec);
  }

  async destroy(uuid: string): Promise<void> {
    const domain = this.#domains.get(uuid);
    if (domain === undefined) return;
    this.#domains.delete(uuid);
    await this.#xenstore.release(domain.info.domid);
    await this.#xenstore.remove(`/local/domain/${domain.info.domid}`);
  }

  async removeDisks(): Promise<void> {}

  async attachVif(): Promise<void> {}

  async detachVif(): Promise<void> {}

  async consoleLog(): Promise<string | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    this.#domains.clear();
  }
}
