import type { HostErrorCode } from "../errors.ts";
import {
  assertRefused,
  CARD,
  contractTest as registerTest,
  type ContractWorld,
  home,
  MARK,
  SECOND_CARD,
  type ToolstackContractTools,
  type ToolstackUnderTest,
} from "./contract-world.ts";

export type { ToolstackContractTools, ToolstackUnderTest };

/** Registers the tests that every Toolstack must pass. `start` is called for each of them. */
export function testToolstackContract(
  start: () => Promise<ToolstackUnderTest>,
  tools: ToolstackContractTools,
): void {
  const { assert } = tools;
  const contractTest = (name: string, run: (world: ContractWorld) => Promise<void>) =>
    registerTest({ start, tools }, name, run);
  const refused = (work: Promise<unknown>, code: HostErrorCode) => assertRefused(tools, work, code);

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
