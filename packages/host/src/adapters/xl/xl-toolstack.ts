import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { readVmData, writeVmData } from "../../domain-vm-data.ts";
import { HostError } from "../../errors.ts";
import type { DiskSpec, DiskToolstack, DomainInfo, DomainSpec, VifSpec } from "../../ports/toolstack.ts";
import { findCard, isNewCard } from "../cards.ts";
import { ToolstackTurns, toolstackFailed } from "../toolstack-turns.ts";
import { isUuid } from "../uuid.ts";
import { ensureCopy, isThere, readTail, writePrivateFile } from "./disk-files.ts";
import type { XlImage } from "./image.ts";
import {
  CONSOLE_LOG_BYTES,
  DOMAIN_GONE_POLL_MS,
  DOMAIN_GONE_TIMEOUT_MS,
  REBOOT_SHUTDOWN_TIMEOUT_MS,
  XL_TIMEOUT_MS,
} from "./limits.ts";
import { type XlRecord, XlRecords } from "./record.ts";
import { type RunProgram, runProgram } from "./run-program.ts";
import { type DomainDisk, domainName, renderConfig, renderDisk, renderVif } from "./xl-config.ts";
import { parseDomidLine, parseXlList } from "./xl-list.ts";

/** What the adapter for xl needs. */
export interface XlToolstackOptions {
  /** A connection as Dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  /** By the reference that a specification names. */
  readonly images: Readonly<Record<string, XlImage>>;
  /** For configuration files and records; made when it is not there, for its owner alone. */
  readonly configDirectory: string;
  /** For the disks. */
  readonly diskDirectory: string;
  /** Where xenconsoled keeps its logs (xenconsoled(8), `--log-dir`). */
  readonly consoleDirectory?: string;
  /** See `XlConfig`. */
  readonly vifScript?: string;
  /** The program, when it is not to be looked for. */
  readonly xl?: string;
  readonly runProgram?: RunProgram;
}

/**
 * The toolstack of a Xen host, by its own command xl(1). Domains live on when this process ends. A reboot
 * is an end and a start, because `xl reboot` would lose `vm-data`.
 */
export class XlToolstack implements DiskToolstack {
  readonly #options: XlToolstackOptions;
  readonly #records: XlRecords;
  readonly #runProgram: RunProgram;
  readonly #turns = new ToolstackTurns();

  constructor(options: XlToolstackOptions) {
    this.#options = options;
    this.#records = new XlRecords(options.configDirectory);
    this.#runProgram = options.runProgram ?? runProgram;
  }

  /** Without the domains that are being made: they do not run yet, and whoever made one may be gone. */
  async list(): Promise<readonly DomainInfo[]> {
    const domains = await this.#domains();
    const records = await Promise.all(domains.map(({ uuid }) => this.#records.read(uuid)));
    return domains.filter((_domain, at) => records[at]?.isStarting !== true);
  }

  async find(uuid: string): Promise<DomainInfo | undefined> {
    return (await this.list()).find((domain) => domain.uuid === uuid);
  }

  create(spec: DomainSpec): Promise<DomainInfo> {
    return this.#turns.run(spec.uuid, async () => {
      const image = this.#imageOf(spec);
      const found = await this.#domainOf(spec.uuid);
      const record = await this.#records.read(spec.uuid);
      if (found !== undefined) {
        if (record?.isStarting !== true) throw toolstackFailed(`Domain ${found.name} runs already`);
        await this.#end(found);
      }
      if (spec.boot === "rescue") await this.#removeRescueDisk(spec.uuid);
      return this.#start(spec, image, record);
    });
  }

  shutdown(uuid: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    return this.#turns.run(uuid, async () => this.#shutDown(await this.#running(uuid), timeoutMs));
  }

  reboot(uuid: string, kind: "soft" | "hard"): Promise<DomainInfo> {
    return this.#turns.run(uuid, async () => {
      const domain = await this.#running(uuid);
      const record = await this.#recordOf(uuid);
      const spec = { ...record.spec, vmData: await readVmData(this.#options.xenstore, domain.domid) };
      if (kind === "soft") await this.#shutDown(domain, REBOOT_SHUTDOWN_TIMEOUT_MS);
      else await this.#end(domain);
      return this.#start(spec, this.#imageOf(spec), record);
    });
  }

  destroy(uuid: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const domain = await this.#domainOf(uuid);
      if (domain !== undefined) await this.#end(domain);
    });
  }

  removeDisks(uuid: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      if ((await this.#domainOf(uuid)) !== undefined)
        throw toolstackFailed(`Domain of ${uuid} runs: its disks are in use`);
      await rm(this.#diskHome(uuid), { recursive: true, force: true });
      await this.#records.remove(uuid);
    });
  }

  attachVif(uuid: string, vif: VifSpec): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { domid } = await this.#running(uuid);
      const record = await this.#recordOf(uuid);
      const { vifs } = record.spec;
      if (!isNewCard(vifs, vif)) return;
      const card = renderVif(vif, { vifScript: this.#options.vifScript });
      await this.#xl(["network-attach", String(domid), ...card.split(",")]);
      await this.#records.write({ ...record, spec: { ...record.spec, vifs: [...vifs, vif] } });
    });
  }

  detachVif(uuid: string, mac: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { domid } = await this.#running(uuid);
      const record = await this.#recordOf(uuid);
      const vif = findCard(record.spec.vifs, mac);
      if (vif === undefined) return;
      await this.#xl(["network-detach", String(domid), String(vif.index)]);
      const vifs = record.spec.vifs.filter((other) => other !== vif);
      await this.#records.write({ ...record, spec: { ...record.spec, vifs } });
    });
  }

  attachDisk(uuid: string, disk: DiskSpec): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { domid } = await this.#running(uuid);
      const record = await this.#recordOf(uuid);
      const disks = record.spec.disks ?? [];
      const options = renderDisk(disk);
      const former = disks.find(({ device }) => device === disk.device);
      if (former !== undefined && renderDisk(former) === options) return;
      if (former !== undefined) throw toolstackFailed(`${record.spec.name} has another disk ${disk.device}`);
      await this.#xl(["block-attach", String(domid), options]);
      await this.#records.write({ ...record, spec: { ...record.spec, disks: [...disks, disk] } });
    });
  }

  detachDisk(uuid: string, device: string): Promise<void> {
    return this.#turns.run(uuid, async () => {
      const { domid } = await this.#running(uuid);
      const record = await this.#recordOf(uuid);
      const disks = record.spec.disks ?? [];
      if (disks.every((disk) => disk.device !== device)) return;
      await this.#xl(["block-detach", String(domid), device]);
      const others = disks.filter((disk) => disk.device !== device);
      await this.#records.write({ ...record, spec: { ...record.spec, disks: others } });
    });
  }

  async consoleLog(uuid: string): Promise<string | undefined> {
    const record = isUuid(uuid) ? await this.#records.read(uuid) : undefined;
    if (record === undefined) return undefined;
    const directory = this.#options.consoleDirectory ?? "/var/log/xen/console";
    return readTail(join(directory, `guest-${domainName(record.spec)}.log`), CONSOLE_LOG_BYTES);
  }

  /** Waits for what is under way; the domains live on. */
  close(): Promise<void> {
    return this.#turns.settle();
  }

  /** Makes the domain paused, so that nothing of it runs before its `vm-data` is there. */
  async #start(spec: DomainSpec, image: XlImage, before: XlRecord | undefined): Promise<DomainInfo> {
    const { uuid } = spec;
    const name = domainName(spec);
    const { disks, ownDisk } = await this.#prepareDisks(spec, image, before);
    const record: XlRecord = { spec, ...(ownDisk !== undefined && { ownDisk }), isStarting: true };
    await this.#records.write(record);
    const configPath = this.#records.configPath(uuid);
    const { vifScript, xenstore } = this.#options;
    await writePrivateFile(configPath, renderConfig({ name, spec, image, disks, vifScript }));
    try {
      await this.#xl(["create", "-p", configPath]);
      const domid = parseDomidLine(await this.#xl(["domid", name]));
      await writeVmData(xenstore, domid, spec.vmData);
      await this.#xl(["unpause", String(domid)]);
      await this.#records.write({ ...record, isStarting: false });
      return { uuid, domid, name };
    } catch (error) {
      await this.#endUnfinished(uuid);
      throw error;
    }
  }

  /** What cannot be ended now is taken for unfinished by the next `create`. */
  async #endUnfinished(uuid: string): Promise<void> {
    try {
      const domain = await this.#domainOf(uuid);
      if (domain !== undefined) await this.#end(domain);
    } catch {
      // The error that led here says more.
    }
  }

  async #prepareDisks(spec: DomainSpec, image: XlImage, before: XlRecord | undefined) {
    const home = this.#diskHome(spec.uuid);
    await mkdir(home, { recursive: true, mode: 0o700 });
    const own = join(home, "own.img");
    const disks: DomainDisk[] = [];
    if (spec.boot === "own") {
      if (image.disk === undefined) return { disks, ownDisk: undefined };
      await ensureCopy(image.disk.path, own, this.#runProgram);
      disks.push({ ...image.disk, path: own, device: "xvda" });
      return { disks, ownDisk: { format: image.disk.format, layout: image.disk.layout } };
    }
    const ownDisk = before?.ownDisk;
    if (ownDisk === undefined || !(await isThere(own)))
      throw toolstackFailed(`${spec.name} has no disk to be rescued`);
    if (image.disk !== undefined) {
      const path = join(home, "rescue.img");
      await ensureCopy(image.disk.path, path, this.#runProgram);
      disks.push({ ...image.disk, path, device: "xvda" });
    }
    disks.push({ ...ownDisk, path: own, device: "xvdb" });
    return { disks, ownDisk };
  }

  async #shutDown(domain: DomainInfo, timeoutMs: number): Promise<void> {
    await this.#xl(["shutdown", "-w", String(domain.domid)], timeoutMs);
    // What waits for the domain's end and destroys it is the xl that created it.
    await this.#awaitGone(domain);
  }

  async #end(domain: DomainInfo): Promise<void> {
    try {
      await this.#xl(["destroy", String(domain.domid)]);
    } catch (error) {
      if (await this.#isThere(domain)) throw error;
    }
    await this.#awaitGone(domain);
  }

  async #awaitGone(domain: DomainInfo): Promise<void> {
    const deadline = performance.now() + DOMAIN_GONE_TIMEOUT_MS;
    while (await this.#isThere(domain)) {
      if (performance.now() > deadline)
        throw toolstackFailed(`Domain ${domain.name} ended and is still there`);
      await delay(DOMAIN_GONE_POLL_MS);
    }
  }

  async #isThere({ domid }: DomainInfo): Promise<boolean> {
    return (await this.#domains()).some((domain) => domain.domid === domid);
  }

  async #domains(): Promise<readonly DomainInfo[]> {
    return parseXlList(await this.#xl(["list", "-l"]));
  }

  async #domainOf(uuid: string): Promise<DomainInfo | undefined> {
    return (await this.#domains()).find((domain) => domain.uuid === uuid);
  }

  async #running(uuid: string): Promise<DomainInfo> {
    const domain = await this.find(uuid);
    if (domain === undefined) throw new HostError("NO_SUCH_DOMAIN", `No domain of ${uuid} runs`);
    return domain;
  }

  async #recordOf(uuid: string): Promise<XlRecord> {
    const record = await this.#records.read(uuid);
    if (record === undefined) throw toolstackFailed(`The domain of ${uuid} was not made by this service`);
    return record;
  }

  #imageOf({ image }: DomainSpec): XlImage {
    const { images } = this.#options;
    const found = Object.hasOwn(images, image) ? images[image] : undefined;
    if (found === undefined) throw toolstackFailed(`There is no image "${image}" on this host`);
    return found;
  }

  #diskHome(uuid: string): string {
    return join(this.#options.diskDirectory, uuid);
  }

  #removeRescueDisk(uuid: string): Promise<void> {
    return rm(join(this.#diskHome(uuid), "rescue.img"), { force: true });
  }

  #xl(args: readonly string[], timeoutMs = XL_TIMEOUT_MS): Promise<string> {
    return this.#runProgram({ argv: [this.#options.xl ?? "xl", ...args], timeoutMs });
  }
}
