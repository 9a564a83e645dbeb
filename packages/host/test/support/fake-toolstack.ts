import type { Store, XenstoreClient } from "@nova-agent/xenstore";
import {
  type DomainInfo,
  type DomainSpec,
  HostError,
  type Toolstack,
  type VifSpec,
} from "../../src/index.ts";
import { makeDomain } from "../../src/testing/make-domain.ts";

interface FakeDomain {
  readonly info: DomainInfo;
  readonly spec: DomainSpec;
  readonly vifs: readonly VifSpec[];
}

/** A toolstack whose domains are nodes in XenStore and nothing else. */
export class FakeToolstack implements Toolstack {
  /** What was asked of it, in order: `create own debian`, `destroy`. */
  readonly calls: string[] = [];
  /** What fails, and with which words. */
  readonly failures = new Map<string, string>();
  readonly #domains = new Map<string, FakeDomain>();
  readonly #store: Store;
  readonly #xenstore: XenstoreClient;
  #lastDomid = 4;

  constructor({ store, xenstore }: { readonly store: Store; readonly xenstore: XenstoreClient }) {
    this.#store = store;
    this.#xenstore = xenstore;
  }

  /** The MAC addresses of the cards that a domain has. */
  macsOf(uuid: string): readonly string[] {
    return (this.#domains.get(uuid)?.vifs ?? []).map(({ mac }) => mac);
  }

  specOf(uuid: string): DomainSpec {
    return this.#orMissing(uuid).spec;
  }

  /** A domain ends without anybody asking. */
  async endByItself(uuid: string): Promise<void> {
    await this.#end(uuid);
  }

  /** A guest reboots by itself: its toolstack makes the next domain as xl does, without `vm-data`. */
  async rebootByItself(uuid: string): Promise<DomainInfo> {
    const { spec } = this.#orMissing(uuid);
    await this.#end(uuid);
    return this.create({ ...spec, vmData: {} });
  }

  /** A guest migrates on this host: its next domain, without `vm-data`, is there before the last one ends. */
  async migrate(uuid: string): Promise<DomainInfo> {
    const { spec, info } = this.#orMissing(uuid);
    this.#domains.delete(uuid);
    const next = await this.create({ ...spec, vmData: {} });
    await this.#xenstore.release(info.domid);
    await this.#xenstore.remove(`/local/domain/${info.domid}`);
    return next;
  }

  /** A domain ends without anybody asking, and XenStore tells nobody. */
  endUntold(uuid: string): void {
    this.#domains.delete(uuid);
  }

  async list(): Promise<readonly DomainInfo[]> {
    return [...this.#domains.values()].map(({ info }) => info);
  }

  async find(uuid: string): Promise<DomainInfo | undefined> {
    return this.#domains.get(uuid)?.info;
  }

  async create(spec: DomainSpec): Promise<DomainInfo> {
    this.#note("create", `${spec.boot} ${spec.image}`);
    if (this.#domains.has(spec.uuid)) throw new HostError("TOOLSTACK_FAILED", "It runs already");
    this.#lastDomid += 1;
    const info = { uuid: spec.uuid, domid: this.#lastDomid, name: spec.name };
    await makeDomain(this.#xenstore, info);
    // Behind that, as libxl does: whoever is told of the domain finds who it is.
    this.#store.introduce(info.domid);
    for (const [path, text] of Object.entries(spec.vmData)) {
      await this.#xenstore.write(`/local/domain/${info.domid}/vm-data/${path}`, text);
    }
    this.#domains.set(spec.uuid, { info, spec, vifs: spec.vifs });
    return info;
  }

  async shutdown(uuid: string): Promise<void> {
    this.#note("shutdown");
    this.#orMissing(uuid);
    await this.#end(uuid);
  }

  async reboot(uuid: string, kind: "soft" | "hard"): Promise<DomainInfo> {
    this.#note("reboot", kind);
    const { spec } = this.#orMissing(uuid);
    await this.#end(uuid);
    return this.create(spec);
  }

  async destroy(uuid: string): Promise<void> {
    this.#note("destroy");
    await this.#end(uuid);
  }

  async removeDisks(): Promise<void> {
    this.#note("removeDisks");
  }

  async attachVif(uuid: string, vif: VifSpec): Promise<void> {
    this.#note("attachVif");
    const domain = this.#orMissing(uuid);
    if (domain.vifs.some(({ mac }) => mac === vif.mac)) return;
    this.#domains.set(uuid, { ...domain, vifs: [...domain.vifs, vif] });
  }

  async detachVif(uuid: string, mac: string): Promise<void> {
    this.#note("detachVif");
    const domain = this.#orMissing(uuid);
    this.#domains.set(uuid, { ...domain, vifs: domain.vifs.filter((vif) => vif.mac !== mac) });
  }

  async consoleLog(): Promise<string | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    this.#domains.clear();
  }

  async #end(uuid: string): Promise<void> {
    const domain = this.#domains.get(uuid);
    if (domain === undefined) return;
    this.#domains.delete(uuid);
    await this.#xenstore.release(domain.info.domid);
    await this.#xenstore.remove(`/local/domain/${domain.info.domid}`);
  }

  #note(call: string, details = ""): void {
    this.calls.push(`${call} ${details}`.trim());
    const words = this.failures.get(call);
    if (words !== undefined) throw new HostError("TOOLSTACK_FAILED", words);
  }

  #orMissing(uuid: string): FakeDomain {
    const domain = this.#domains.get(uuid);
    if (domain === undefined) throw new HostError("NO_SUCH_DOMAIN", `No domain has ${uuid}`);
    return domain;
  }
}
