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

const MARK = "/root/mark";
const CARD: VifSpec = { index: 0, mac: "00:16:3e:4a:10:01", bridge: "" };
const SECOND_CARD: VifSpec = { index: 1, mac: "00:16:3e:4a:10:02", bridge: "" };

/** Registers the tests that every Toolstack must pass. `start` is called for each of them. */
export function testToolstackContract(
  start: () => Promise<ToolstackUnderTest>,
  { test, assert }: ToolstackContractTools,
): void {
  const contractTest = (name: string, body: (world: World) => Promise<void>) =>
    test(name, async () => {
      const world = new World(await start());
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });
  const refused = (work: Promise<unknown>, code: HostErrorCode) =>
    assert.rejects(work, (error) => error instanceof HostError && error.code === code);

  contractTest("a created domain has what its specification says, and its agent answers", async (world) => {
    const { toolstack, xenstore } = world.host;
    const guest = await world.create();
    assert.deepEqual(await toolstack.find(world.uuid), guest);
    assert.ok(
      (await toolstack.list()).some(({ uuid, domid }) => uuid === world.uuid && domid === guest.domid),
    );
    assert.deepEqual(await xenstore.readText(`${home(guest)}/vm`), `/vm/${world.uuid}`);
    assert.deepEqual(await xenstore.readText(`${home(guest)}/vm-data/user-metadata/colour`), '"blue"');
    const [owner, ...others] = await xenstore.getPermissions(`${home(guest)}/vm-data/user-metadata/colour`);
    assert.deepEqual([owner?.domid, others], [0, [{ domid: guest.domid, read: true, write: false }]]);
    assert.deepEqual(await world.macs(guest), { "0": CARD.mac });
    await world.awaitAgent(guest);
    await refused(toolstack.create(world.spec()), "TOOLSTACK_FAILED");
  });

  for (const kind of ["soft", "hard"] as const) {
    contractTest(`a ${kind} reboot keeps disk, vm-data and cards under a new domid`, async (world) => {
      const { toolstack, xenstore } = world.host;
      const before = await world.create();
      await world.mark(before);
      await toolstack.attachVif(world.uuid, world.card(SECOND_CARD));
      await xenstore.write(`${home(before)}/vm-data/user-metadata/colour`, '"green"');
      const after = await toolstack.reboot(world.uuid, kind);
      assert.ok(after.domid !== before.domid);
      assert.deepEqual(await toolstack.find(world.uuid), after);
      assert.deepEqual(await xenstore.exists(home(before)), false);
      assert.deepEqual(await xenstore.readText(`${home(after)}/vm-data/user-metadata/colour`), '"green"');
      assert.deepEqual(await world.macs(after), { "0": CARD.mac, "1": SECOND_CARD.mac });
      await world.awaitAgent(after);
      assert.deepEqual(await world.host.readGuestFile(after, MARK), "mark\n");
    });
  }

  contractTest("a domain that was shut down or destroyed is gone, and its disk stays", async (world) => {
    const { toolstack, xenstore } = world.host;
    const first = await world.create();
    await world.mark(first);
    await toolstack.shutdown(world.uuid, { timeoutMs: world.host.bootTimeoutMs });
    assert.deepEqual(await toolstack.find(world.uuid), undefined);
    assert.deepEqual(await xenstore.exists(home(first)), false);
    const second = await world.create();
    await refused(toolstack.removeDisks(world.uuid), "TOOLSTACK_FAILED");
    await toolstack.destroy(world.uuid);
    await toolstack.destroy(world.uuid);
    assert.deepEqual(await toolstack.find(world.uuid), undefined);
    assert.deepEqual(await xenstore.exists(home(second)), false);
    const third = await world.create();
    await world.awaitAgent(third);
    assert.deepEqual(await world.host.readGuestFile(third, MARK), "mark\n");
  });

  contractTest("an instance whose disks were removed starts from its image again", async (world) => {
    const { toolstack } = world.host;
    await world.mark(await world.create());
    await toolstack.destroy(world.uuid);
    await toolstack.removeDisks(world.uuid);
    await toolstack.removeDisks(world.uuid);
    const guest = await world.create();
    await world.awaitAgent(guest);
    assert.deepEqual(await world.host.readGuestFile(guest, MARK), undefined);
  });

  contractTest("cards come and go while the guest runs", async (world) => {
    const { toolstack } = world.host;
    const guest = await world.create();
    await world.awaitAgent(guest);
    await toolstack.attachVif(world.uuid, world.card(SECOND_CARD));
    await toolstack.attachVif(world.uuid, world.card(SECOND_CARD));
    assert.deepEqual(await world.macs(guest), { "0": CARD.mac, "1": SECOND_CARD.mac });
    const twin = world.card({ ...SECOND_CARD, index: 2 });
    await refused(toolstack.attachVif(world.uuid, twin), "TOOLSTACK_FAILED");
    await toolstack.detachVif(world.uuid, CARD.mac.toUpperCase());
    await toolstack.detachVif(world.uuid, CARD.mac);
    assert.deepEqual(await world.macs(guest), { "1": SECOND_CARD.mac });
  });

  contractTest(
    "a rescue system has the instance's disk as a second one and leaves its own behind",
    async (world) => {
      const { toolstack } = world.host;
      await world.mark(await world.create());
      await toolstack.destroy(world.uuid);
      const rescue = await world.create({ boot: "rescue", image: world.host.images.rescue });
      await world.awaitAgent(rescue);
      assert.deepEqual(await world.host.readGuestFile(rescue, MARK), undefined);
      const rescued = await world.host.rescuedPath(rescue, MARK);
      assert.deepEqual(await world.host.readGuestFile(rescue, rescued), "mark\n");
      await toolstack.destroy(world.uuid);
      const own = await world.create();
      await world.awaitAgent(own);
      assert.deepEqual(await world.host.readGuestFile(own, MARK), "mark\n");
    },
  );

  contractTest("what is not there is named, and what cannot be is refused", async (world) => {
    const { toolstack } = world.host;
    assert.deepEqual(await toolstack.find(world.uuid), undefined);
    await toolstack.destroy(world.uuid);
    await toolstack.removeDisks(world.uuid);
    await refused(toolstack.shutdown(world.uuid, { timeoutMs: 1 }), "NO_SUCH_DOMAIN");
    await refused(toolstack.reboot(world.uuid, "hard"), "NO_SUCH_DOMAIN");
    await refused(toolstack.attachVif(world.uuid, world.card(CARD)), "NO_SUCH_DOMAIN");
    await refused(toolstack.detachVif(world.uuid, CARD.mac), "NO_SUCH_DOMAIN");
    await refused(world.create({ image: "no such image" }), "TOOLSTACK_FAILED");
    await refused(world.create({ uuid: "../elsewhere" }), "TOOLSTACK_FAILED");
    await refused(world.create({ boot: "rescue", image: world.host.images.rescue }), "TOOLSTACK_FAILED");
    assert.deepEqual(await toolstack.find(world.uuid), undefined);
  });
}

/** One instance on the host. */
class World {
  readonly host: ToolstackUnderTest;
  readonly uuid = randomUUID();
  readonly #connector: HostConnector;

  constructor(host: ToolstackUnderTest) {
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

function home({ domid }: DomainInfo): string {
  return `/local/domain/${domid}`;
}
