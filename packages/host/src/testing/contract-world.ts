import { randomUUID } from "node:crypto";
import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { HostError, type HostErrorCode } from "../errors.ts";
import { HostConnector } from "../host-connector.ts";
import { injectFile } from "../operations/inject-file.ts";
import { readVersion } from "../operations/version.ts";
import type { DomainInfo, DomainSpec, Toolstack, VifSpec } from "../ports/toolstack.ts";

/** A toolstack and what the suite has to know of its host. */
export interface ToolstackUnderTest {
  readonly toolstack: Toolstack;
  /** As dom0. */
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  /** An image with the agent, and one to rescue with, which has it too. */
  readonly images: { readonly own: string; readonly rescue: string };
  readonly memoryMib: number;
  readonly bridge: string;
  /** How long a guest may take from its creation to the agent's first answer. */
  readonly bootTimeoutMs: number;
  /** A file as the running guest sees it; undefined when it is not there. */
  readGuestFile(guest: DomainInfo, path: string): Promise<string | undefined>;
  /** Where a rescue system has a file of the instance's own disk. It may mount the disk first. */
  rescuedPath(guest: DomainInfo, path: string): Promise<string>;
  close(): Promise<void>;
}

/** What the suite needs of a test runner and an assertion library: node:test and node:assert/strict fit. */
export interface ToolstackContractTools {
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly assert: {
    ok(value: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    rejects(work: Promise<unknown>, check: (error: unknown) => boolean): Promise<void>;
  };
}

/** The file that a guest is marked with. */
export const MARK = "/root/mark";
export const CARD: VifSpec = { index: 0, mac: "00:16:3e:4a:10:01", bridge: "" };
export const SECOND_CARD: VifSpec = { index: 1, mac: "00:16:3e:4a:10:02", bridge: "" };

/** One instance on the host that is under test. */
export class ContractWorld<Host extends ToolstackUnderTest = ToolstackUnderTest> {
  readonly host: Host;
  readonly uuid = randomUUID();
  readonly #connector: HostConnector;

  constructor(host: Host) {
    this.host = host;
    this.#connector = new HostConnector({ xenstore: host.xenstore, clock: host.clock, newId: randomUUID });
  }

  card(vif: VifSpec): VifSpec {
    return { ...vif, bridge: this.host.bridge };
  }

  spec(changes: Partial<DomainSpec> = {}): DomainSpec {
    return {
      uuid: this.uuid,
      name: "contract",
      memoryMib: this.host.memoryMib,
      vcpus: 1,
      boot: "own",
      image: this.host.images.own,
      vifs: [this.card(CARD)],
      vmData: { hostname: "contract", "user-metadata/colour": '"blue"' },
      ...changes,
    };
  }

  create(changes: Partial<DomainSpec> = {}): Promise<DomainInfo> {
    return this.host.toolstack.create(this.spec(changes));
  }

  async awaitAgent({ domid }: DomainInfo): Promise<void> {
    await readVersion(this.#connector, { domid, timeoutMs: this.host.bootTimeoutMs });
  }

  /** Leaves a file in the guest, by its agent. */
  async mark(guest: DomainInfo): Promise<void> {
    await this.awaitAgent(guest);
    const content = new Uint8Array([109, 97, 114, 107, 10]);
    await injectFile(this.#connector, { domid: guest.domid, file: { path: MARK, content } });
  }

  /** The MAC addresses of the cards that the toolstack shows the guest, by index. */
  async macs(guest: DomainInfo): Promise<Record<string, string>> {
    const directory = `${home(guest)}/device/vif`;
    const found: Record<string, string> = {};
    for (const index of (await this.host.xenstore.list(directory)).toSorted()) {
      found[index] = (await this.host.xenstore.readText(`${directory}/${index}/mac`)).toLowerCase();
    }
    return found;
  }

  async close(): Promise<void> {
    await this.host.toolstack.destroy(this.uuid);
    await this.host.toolstack.removeDisks(this.uuid);
    await this.host.close();
  }
}

/** Where a domain is in XenStore. */
export function home({ domid }: DomainInfo): string {
  return `/local/domain/${domid}`;
}

/** Registers a test on an instance of its own. */
export function contractTest<Host extends ToolstackUnderTest>(
  { start, tools }: { readonly start: () => Promise<Host>; readonly tools: ToolstackContractTools },
  name: string,
  body: (world: ContractWorld<Host>) => Promise<void>,
): void {
  tools.test(name, async () => {
    const world = new ContractWorld(await start());
    try {
      await body(world);
    } finally {
      await world.close();
    }
  });
}

/** Asserts that the work is refused so. */
export function assertRefused(
  { assert }: ToolstackContractTools,
  work: Promise<unknown>,
  code: HostErrorCode,
): Promise<void> {
  return assert.rejects(work, (error) => error instanceof HostError && error.code === code);
}
