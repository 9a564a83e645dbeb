import { writeFile } from "node:fs/promises";
import { waitFor } from "@nova-agent/testbed";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";
import type { GuestKind } from "../runs.ts";
import { GuestShell } from "./guest-shell.ts";
import { runXl } from "./xl.ts";

/** A virtual interface as the toolstack makes it. */
export interface Vif {
  readonly mac: string;
  /** The bridge in Dom0 that it is plugged into. */
  readonly bridge: string;
}

export interface GuestOptions {
  readonly name: string;
  readonly kind: GuestKind;
  readonly vifs: readonly Vif[];
  /** Whether the agent runs in it. */
  readonly hasAgent: boolean;
}

/** Beside its root, which is in memory, the archive of that has to have room for a while. */
const memoryMib: Readonly<Record<GuestKind, number>> = { plain: 448, systemd: 896 };

/** A paravirtualized guest of Xen's own toolstack. */
export class Guest {
  readonly name: string;
  readonly #xenstore: XenstoreClient;
  #domid: number;
  #shell: GuestShell | undefined;

  private constructor(name: string, domid: number, xenstore: XenstoreClient) {
    this.name = name;
    this.#domid = domid;
    this.#xenstore = xenstore;
  }

  /** Creates the guest, paused: nothing of it has run yet. */
  static async create(options: GuestOptions, xenstore: XenstoreClient): Promise<Guest> {
    const path = `/run/${options.name}.cfg`;
    await writeFile(path, renderConfig(options));
    await runXl(["create", "-p", path]);
    return new Guest(options.name, await readDomid(options.name), xenstore);
  }

  /** Changes when the guest is restored. */
  get domid(): number {
    return this.#domid;
  }

  /** Where the guest is in XenStore. */
  get path(): string {
    return `/local/domain/${this.#domid}`;
  }

  /** Lets it run; resolves when root's shell answers. */
  async start(): Promise<void> {
    await runXl(["unpause", this.name]);
    this.#shell = await this.#openShell();
  }

  /** Root's shell in the guest. */
  get shell(): GuestShell {
    if (this.#shell === undefined) throw new Error(`Guest ${this.name} does not run`);
    return this.#shell;
  }

  /** Runs a script in the guest that has to succeed, and returns its output. */
  run(script: string): Promise<string> {
    return this.shell.run(script);
  }

  /** Suspends it to a file, which ends the domain. */
  async save(path: string): Promise<void> {
    await runXl(["save", this.name, path]);
    this.close();
  }

  /** Resumes it from the file, as a new domain. */
  async restore(path: string): Promise<void> {
    await runXl(["restore", path]);
    this.#domid = await readDomid(this.name);
    this.#shell = await this.#openShell();
  }

  /** Lets go of its console; safe to call twice. */
  close(): void {
    this.#shell?.close();
    this.#shell = undefined;
  }

  async #openShell(): Promise<GuestShell> {
    const terminal = await waitFor(
      () => this.#xenstore.readText(`${this.path}/console/tty`).catch(() => undefined),
      {
        what: `the terminal of ${this.name}`,
        timeoutMs: PROGRAM_TIMEOUT_MS,
      },
    );
    return GuestShell.open(terminal);
  }
}

async function readDomid(name: string): Promise<number> {
  return Number(await runXl(["domid", name]));
}

/** xl.cfg(5) */
function renderConfig({ name, kind, vifs, hasAgent }: GuestOptions): string {
  const plugs = vifs.map(({ mac, bridge }) => `"mac=${mac},bridge=${bridge},script=vif-plug"`);
  const command = `console=hvc0 quiet mitigations=off panic=5 nova.agent=${hasAgent ? "on" : "off"}`;
  return [
    `name = "${name}"`,
    `type = "pv"`,
    `kernel = "/guest/vmlinuz"`,
    `ramdisk = "/guest/root.cpio"`,
    `cmdline = "${command}"`,
    `memory = ${memoryMib[kind]}`,
    // With more of them than the machine has cores, each waits for the other one: a boot takes twice as long.
    `vcpus = 1`,
    `vif = [${plugs.join(", ")}]`,
    `on_poweroff = "destroy"`,
    `on_reboot = "destroy"`,
    `on_crash = "destroy"`,
    "",
  ].join("\n");
}
