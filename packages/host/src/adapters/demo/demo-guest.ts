import type { XenstoreClient } from "@nova-agent/xenstore";
import { type DemoDomain, describeDemoDomain, domainVifs } from "./demo-domain.ts";
import { makeDisk, removeDisk } from "./disk.ts";
import type { AgentProgram, Enclosure, EnclosureKind } from "./enclosure.ts";
import { DemoError } from "./errors.ts";
import type { GuestProcess, ProcessEnd } from "./guest-process.ts";
import { serviceFiles, serviceLinks } from "./guest-services.ts";
import { RunningGuest } from "./running-guest.ts";

/** What a demo guest needs. */
export interface DemoGuestOptions {
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  /** Where the domain's socket appears once it is introduced. */
  readonly domainSocketPath: string;
  readonly domain: DemoDomain;
  /** Where the guest's root tree comes to be: an absolute path at which nothing is yet. */
  readonly tree: string;
  readonly agent: AgentProgram;
  readonly enclosure: EnclosureKind | "auto";
  /** Directories laid out like `/` whose files the guest sees over the machine's. */
  readonly layers?: readonly string[];
}

/**
 * A guest without a hypervisor: a domain in XenStore, and the real agent for it, kept apart from the
 * machine. Nothing outside its tree and its domain's nodes is changed, and `close()` removes both.
 */
export class DemoGuest {
  readonly domain: DemoDomain;
  readonly #guest: RunningGuest;
  readonly #agent: GuestProcess;

  private constructor(domain: DemoDomain, guest: RunningGuest, agent: GuestProcess) {
    this.domain = domain;
    this.#guest = guest;
    this.#agent = agent;
  }

  /** Creates the domain and starts its agent, which answers a little later. Throws a DemoError or XenstoreError. */
  static async start(options: DemoGuestOptions): Promise<DemoGuest> {
    const { domain, tree } = options;
    await makeDisk(tree, { vifs: domainVifs(domain), files: serviceFiles, links: serviceLinks });
    try {
      const guest = await RunningGuest.start({
        ...options,
        domain: describeDemoDomain(domain),
        hasAgent: true,
      });
      if (guest.agent === undefined) throw new TypeError("No agent was started");
      return new DemoGuest(domain, guest, guest.agent);
    } catch (error) {
      await removeDisk(tree);
      throw error;
    }
  }

  get tree(): string {
    return this.#guest.tree;
  }

  get enclosure(): Enclosure {
    return this.#guest.enclosure;
  }

  /** Why the guest has no namespaces, where it has none. */
  get reason(): string | undefined {
    return this.#guest.reason;
  }

  /** The file with what the agent says, on the machine. */
  get logPath(): string {
    return this.#agent.logPath;
  }

  /** Resolves when the agent has ended, for whatever reason. */
  get agentEnded(): Promise<ProcessEnd> {
    return this.#agent.ended;
  }

  /** Waits for `work`, which needs the agent; throws DEMO_AGENT_ENDED with the end of its log when it ends first. */
  async whileAgentRuns<Result>(work: Promise<Result>): Promise<Result> {
    const ended = this.#agent.ended.then(async (end): Promise<never> => {
      const how = end.signal === null ? `status ${end.status}` : end.signal;
      const tail = await this.#agent.readLogTail();
      throw new DemoError(
        "DEMO_AGENT_ENDED",
        `The agent of domain ${this.domain.domid} ended with ${how}: ${tail}`,
      );
    });
    // When it ends later, that is nobody's failure here.
    ended.catch(() => undefined);
    return Promise.race([work, ended]);
  }

  /** Ends the agent and everything in the guest, and removes tree and domain. Safe to call twice. */
  async close(): Promise<void> {
    await this.#guest.close();
    await removeDisk(this.tree);
  }
}
