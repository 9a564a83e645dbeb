import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { readVmData } from "../../domain-vm-data.ts";
import { HostError } from "../../errors.ts";
import type { DomainInfo, DomainSpec, Toolstack, VifSpec } from "../../ports/toolstack.ts";
import { findCard, isNewCard } from "../cards.ts";
import { ToolstackTurns, toolstackFailed } from "../toolstack-turns.ts";
import { isUuid } from "../uuid.ts";
import { DEMO_IMAGES, type DemoImage, findDemoImage } from "./demo-images.ts";
import { ensureDisk, removeDisk } from "./disk.ts";
import { nextDomid } from "./domid.ts";
import type { AgentProgram, EnclosureKind } from "./enclosure.ts";
import { type DemoVif, GUEST_LOG } from "./guest-files.ts";
import { CONSOLE_LOG_CHARACTERS, REBOOT_SHUTDOWN_TIMEOUT_MS } from "./limits.ts";
import { RunningGuest } from "./running-guest.ts";

/** What the demo's toolstack needs. */
export interface DemoToolstackOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  /** Where a domain's socket appears once it is introduced. */
  readonly domainSocketPath: (domid: number) => string;
  /** Where the guests' root trees are kept: an absolute path. */
  readonly directory: string;
  readonly agent: AgentProgram;
  readonly enclosure: EnclosureKind | "auto";
  /** Directories laid out like `/` whose files the guests see over the machine's. */
  readonly layers?: readonly string[];
}

/**
 * The toolstack of guests without a hypervisor: each is a domain in XenStore, a root tree, namespaces and
 * the real agent. A guest's disk is its root tree, which stays until `removeDisks`; the guests themselves
 * end with this process.
 */
export class DemoToolstack implements Toolstack {
  readonly #options: DemoToolstackOptions;
  readonly #guests = new Map<string, DemoInstance>();
  readonly #turns = new ToolstackTurns();
  #lastDomid = 0;
  #isClosed = false;

  constructor(options: DemoToolstackOptions) {
    this.#options = options;
  }

  list(): Promise<readonly DomainInfo[]> {
    return Promise.resolve([...this.#guests.values()].map(describe));
  }

  find(uuid: string): Promise<DomainInfo | undefined> {
    const instance = this.#guests.get(uuid);
    return Promise.resolve(instance === undefined ? undefined : describe(instance));
  }

  /** The guest as it runs now, for who shows where its files are; undefined when it does not run. */
  findGuest(uuid: string): RunningGuest | undefined {
    return this.#guests.get(uuid)?.guest;
  }

  create(spec: DomainSpec): Promise<DomainInfo> {
    return this.#turns.run(spec.uuid, async () => {
      if (this.#guests.has(spec.uuid)) throw toolstackFailed(`Domain ${spec.name} runs already`);
      return this.#start(spec, imageOf(spec));
    });
  }

  shutdown(uuid: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    return this.#turns.run(uuid, async () => {
      await this.#running(uuid).guest.shutdown(timeoutMs);
      this.#guests.delete(uuid);
    });
  }

  reboot(uuid: string, kind: "soft" | "hard"): Promise<DomainInfo> {
    return this.#turns.run(uuid, async () => {
      const { guest, spec } = this.#running(uuid);
      // A reboot of a toolstack that keeps vm-data (xapi's) keeps it as it is now.
      const vmData = await readVmData(this.#options.xenstore, guest.domain.domid);
      if (kind === "soft") await guest.shutdown(REBOOT_SHUTDOWN_TIMEOUT_MS);
      else await guest.close();
      this.#guests.delete(uuid);
      return this.#start({ ...spec, vmData }, imageOf(spec), "kept");
    });
  }

  destroy(uuid: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      await this.#guests.get(uuid)?.guest.close();
      this.#guests.delete(uuid);
    });
  }

  removeDisks(uuid: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      if (this.#guests.has(uuid)) throw toolstackFailed(`Domain of ${uuid} runs: its disks are in use`);
      await removeDisk(this.#home(uuid));
    });
  }

  attachVif(uuid: string, vif: VifSpec): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { guest, spec } = this.#running(uuid);
      if (!isNewCard(spec.vifs, vif)) return;
      await guest.plugVif(demoVif(vif));
      this.#guests.set(uuid, { guest, spec: { ...spec, vifs: [...spec.vifs, vif] } });
    });
  }

  detachVif(uuid: string, mac: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { guest, spec } = this.#running(uuid);
      const vif = findCard(spec.vifs, mac);
      if (vif === undefined) return;
      await guest.unplugVif(demoVif(vif));
      this.#guests.set(uuid, { guest, spec: { ...spec, vifs: spec.vifs.filter((other) => other !== vif) } });
    });
  }

  async consoleLog(uuid: string): Promise<string | undefined> {
    if (!isUuid(uuid)) return undefined;
    const tree = this.#guests.get(uuid)?.guest.tree ?? this.#ownTree(uuid);
    const text = await readFile(join(tree, GUEST_LOG), "utf8").catch(() => undefined);
    return text?.slice(-CONSOLE_LOG_CHARACTERS);
  }

  /** Ends all guests; their disks stay. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turns.settle();
    await Promise.all([...this.#guests.keys()].map((uuid) => this.destroy(uuid)));
  }

  /** Where the root trees of one instance are. */
  #home(uuid: string): string {
    return join(this.#options.directory, uuid);
  }

  #ownTree(uuid: string): string {
    return join(this.#home(uuid), "disk");
  }

  async #start(
    spec: DomainSpec,
    image: DemoImage,
    rescueTree: "fresh" | "kept" = "fresh",
  ): Promise<DomainInfo> {
    if (this.#isClosed) throw toolstackFailed("The demo ends");
    const { uuid, name, vmData } = spec;
    const vifs = spec.vifs.map(demoVif);
    const ownTree = this.#ownTree(uuid);
    const tree = spec.boot === "own" ? ownTree : join(this.#home(uuid), "rescue");
    await mkdir(this.#home(uuid), { recursive: true, mode: 0o700 });
    if (spec.boot === "rescue") {
      if (!(await isThere(ownTree))) throw toolstackFailed(`${name} has no disk to be rescued`);
      if (rescueTree === "fresh") await removeDisk(tree);
    }
    await ensureDisk(tree, { vifs, files: image.files, links: image.links });
    const domid = await this.#takeDomid();
    const guest = await RunningGuest.start({
      ...this.#options,
      domainSocketPath: this.#options.domainSocketPath(domid),
      domain: { domid, name, uuid, memoryKib: spec.memoryMib * 1024, vifs, vmData },
      tree,
      ...(spec.boot === "rescue" && { rescuedTree: ownTree }),
      hasAgent: image.hasAgent,
    });
    const instance = { guest, spec };
    this.#guests.set(uuid, instance);
    return describe(instance);
  }

  /** Others may take one while XenStore is asked, which does not know theirs yet. */
  async #takeDomid(): Promise<number> {
    const free = await nextDomid(this.#options.xenstore, this.#lastDomid);
    this.#lastDomid = Math.max(free, this.#lastDomid + 1);
    return this.#lastDomid;
  }

  #running(uuid: string): DemoInstance {
    const instance = this.#guests.get(uuid);
    if (instance === undefined) throw new HostError("NO_SUCH_DOMAIN", `No domain of ${uuid} runs`);
    return instance;
  }
}

interface DemoInstance {
  readonly guest: RunningGuest;
  /** With the network cards that it has now. */
  readonly spec: DomainSpec;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function imageOf({ image }: DomainSpec): DemoImage {
  const found = findDemoImage(image);
  if (found !== undefined) return found;
  throw toolstackFailed(`There is no image "${image}" here; there are ${DEMO_IMAGES.join(", ")}`);
}

function describe({ guest, spec }: DemoInstance): DomainInfo {
  return { uuid: spec.uuid, domid: guest.domain.domid, name: spec.name };
}

function demoVif({ index, mac }: VifSpec): DemoVif {
  return { interfaceName: `eth${index}`, index, mac: mac.toUpperCase() };
}
