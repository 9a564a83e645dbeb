import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DomainSpec } from "../../ports/toolstack.ts";
import { readIfThere, writePrivateFile } from "./disk-files.ts";
import type { XlDisk } from "./image.ts";

/** What is kept of an instance beside its disk, so that another process can go on with it. */
export interface XlRecord {
  /** As its domain was made last, with the network cards that it has now; `vmData` is kept in XenStore alone. */
  readonly spec: DomainSpec;
  /** What its own disk is; absent when it has none. */
  readonly ownDisk?: Pick<XlDisk, "format" | "layout">;
  /** While its domain is made: one that is there is unfinished. */
  readonly isStarting: boolean;
}

/** The records of all instances, one file each. */
export class XlRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Where the instance's configuration file is. */
  configPath(uuid: string): string {
    return join(this.#directory, `${uuid}.cfg`);
  }

  async read(uuid: string): Promise<XlRecord | undefined> {
    const text = await readIfThere(this.#path(uuid));
    // Written by this class alone, and whole or not at all.
    return text === undefined ? undefined : (JSON.parse(text) as XlRecord);
  }

  async write(record: XlRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const kept: XlRecord = { ...record, spec: { ...record.spec, vmData: {} } };
    await writePrivateFile(this.#path(record.spec.uuid), `${JSON.stringify(kept, null, 2)}\n`);
  }

  async remove(uuid: string): Promise<void> {
    for (const path of [this.configPath(uuid), this.#path(uuid)]) await rm(path, { force: true });
  }

  #path(uuid: string): string {
    return join(this.#directory, `${uuid}.json`);
  }
}
