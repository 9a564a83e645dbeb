import { join } from "node:path";
import type { XenstoreClient } from "@nova-agent/xenstore";
import type { GuestDomain } from "./domain-nodes.ts";
import { addVif, createDomain, destroyDomain, removeVif } from "./domain-writer.ts";
import type { AgentProgram, Enclosure, EnclosureKind, GuestProgram } from "./enclosure.ts";
import { DemoError } from "./errors.ts";
import { type DemoVif, GUEST_LOG, PUBLISHER_LOG } from "./guest-files.ts";
import { GuestProcess } from "./guest-process.ts";
import { openEnclosure } from "./open-enclosure.ts";

/** What a guest needs to run. */
export interface RunningGuestOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  /** Where the domain's socket appears once it is introduced. */
  readonly domainSocketPath: string;
  readonly domain: GuestDomain;
  /** The guest's root tree, as `makeDisk` makes it. */
  readonly tree: string;
  /** The root tree of the instance that this guest, a rescue system, repairs. */
  readonly rescuedTree?: string;
  readonly agent: AgentProgram;
  /** Whether xe-daemon and the agent are started. */
  readonly hasAgent: boolean;
  readonly enclosure: EnclosureKind | "auto";
  /** Directories laid out like `/` whose files the guest sees over the machine's. */
  readonly layers?: readonly string[];
}

/** A guest between the creation of its domain and its end. Its root tree was there before and stays. */
export class RunningGuest {
  readonly domain: GuestDomain;
  readonly tree: string;
  readonly enclosure: Enclosure;
  /** Why the guest has no namespaces, where it has none. */
  readonly reason: string | undefined;
  /** Undefined in a guest without one. */
  readonly agent: GuestProcess | undefined;
  /** xe-daemon. Undefined in a guest without agent, and where it would tell of the machine. */
  readonly publisher: GuestProcess | undefined;
  readonly #xenstore: XenstoreClient;

  private constructor(options: RunningGuestOptions, parts: GuestParts) {
    this.domain = options.domain;
    this.tree = options.tree;
    this.#xenstore = options.xenstore;
    this.enclosure = parts.enclosure;
    this.reason = parts.reason;
    this.agent = parts.agent;
    this.publisher = parts.publisher;
  }

  /** Creates the domain and starts its agent, which answers a little later. Throws a DemoError or XenstoreError. */
  static async start(options: RunningGuestOptions): Promise<RunningGuest> {
    const { xenstore, domain } = options;
    let enclosure: Enclosure | undefined;
    try {
      await createDomain(xenstore, domain);
      const opened = await openEnclosure(options.enclosure, {
        ...options,
        socketPath: options.domainSocketPath,
        domid: domain.domid,
        memoryKib: domain.memoryKib,
        vifs: domain.vifs,
      });
      enclosure = opened.enclosure;
      const start = startIn(enclosure, options);
      // In this order, in which the services of a guest are.
      const publisher = await start("xe-daemon", PUBLISHER_LOG);
      const agent = await start("nova-agent", GUEST_LOG);
      return new RunningGuest(options, { enclosure, reason: opened.reason, agent, publisher });
    } catch (error) {
      await enclosure?.close();
      await destroyDomain(xenstore, domain);
      throw error;
    }
  }

  /** Plugs a network card in, and tells of it in XenStore. */
  async plugVif(vif: DemoVif): Promise<void> {
    await this.enclosure.plugVif(vif);
    try {
      await addVif(this.#xenstore, vif, this.domain.domid);
    } catch (error) {
      await this.enclosure.unplugVif(vif);
      throw error;
    }
  }

  /** Takes a network card out. */
  async unplugVif(vif: DemoVif): Promise<void> {
    await removeVif(this.#xenstore, vif, this.domain.domid);
    await this.enclosure.unplugVif(vif);
  }

  /**
   * Lets the guest end what it does, then ends it. Throws DEMO_STOP_TIMEOUT when it has not within the
   * time; it runs on then.
   */
  async shutdown(timeoutMs: number): Promise<void> {
    const isEnded = (await this.agent?.stop(timeoutMs)) ?? true;
    if (!isEnded) {
      throw new DemoError(
        "DEMO_STOP_TIMEOUT",
        `Domain ${this.domain.domid} did not shut down in ${timeoutMs} ms`,
      );
    }
    await this.close();
  }

  /** Ends the agent, xe-daemon and everything in the guest, and removes the domain. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all([this.agent?.close(), this.publisher?.close()]);
    await this.enclosure.close();
    await destroyDomain(this.#xenstore, this.domain);
  }
}

interface GuestParts {
  readonly enclosure: Enclosure;
  readonly reason: string | undefined;
  readonly agent: GuestProcess | undefined;
  readonly publisher: GuestProcess | undefined;
}

type StartProgram = (program: GuestProgram, log: string) => Promise<GuestProcess | undefined>;

/** Starts programs of the guest as far as it has them; their logs are paths in the guest. */
function startIn(enclosure: Enclosure, { hasAgent, tree }: RunningGuestOptions): StartProgram {
  return async (program, log) => {
    if (!hasAgent || !enclosure.programs.includes(program)) return undefined;
    return GuestProcess.start(enclosure, { program, logPath: join(tree, log) });
  };
}
