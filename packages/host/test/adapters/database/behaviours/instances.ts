import assert from "node:assert/strict";
import { HostError, type InstanceFilter } from "../../../../src/index.ts";
import { hasCode } from "../../../support/has-code.ts";
import { type Behaviour, type World, at, instance, port } from "../behaviour.ts";

/** How instances and their network cards are kept. */
export const instanceBehaviours: readonly Behaviour[] = [
  {
    name: "an instance is found as it was put in, with every field",
    check: async ({ database: { instances }, mine }) => {
      const whole = instance(mine, {
        keyName: "key",
        taskState: "spawning",
        rescueImageId: "rescue",
        metadata: { some_key: "value", '"\\u0000': "ü€😀\\" },
        agentVersion: "3.0.0",
        agentSeenAt: at(3),
        agentSilentSince: at(4),
        agentFeatures: ["version", "password"],
        encryptedPassword: "c2VjcmV0",
        fault: { code: 500, message: "It failed", at: at(1) },
        launchedAt: at(2),
        deletedAt: at(3),
      });
      const plain = instance(mine, { id: `${mine}-plain` });
      await instances.insert(whole);
      await instances.insert(plain);
      assert.deepEqual(await instances.find(whole.id), whole);
      assert.deepEqual(await instances.find(plain.id), plain);
      assert.equal(await instances.find("no UUID"), undefined);
    },
  },
  {
    name: "characters that PostgreSQL cannot keep are replaced, in text and in metadata",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine, { name: "a\0b\uD800c", metadata: { "k\0": "v\uDC00" } }));
      const found = await instances.find(`${mine}-instance`);
      assert.equal(found?.name, "a\uFFFDb\uFFFDc");
      assert.deepEqual(found.metadata, { "k\uFFFD": "v\uFFFD" });
      assert.equal(await instances.find("\0\uD800"), undefined);
    },
  },
  {
    name: "a second instance of the same id is refused",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      await assert.rejects(instances.insert(instance(mine, { name: "other" })), hasCode("ALREADY_EXISTS"));
      assert.equal((await instances.find(`${mine}-instance`))?.name, "web");
    },
  },
  {
    name: "an update changes what it names, and the time of the last change",
    check: async ({ database: { instances }, mine, setTime }) => {
      const before = instance(mine, { metadata: { a: "1" }, fault: { code: 500, message: "", at: at(0) } });
      await instances.insert(before);
      setTime(at(9));
      assert.equal(await instances.update(before.id, { metadata: { b: "2" }, fault: null }), true);
      const after = { ...before, metadata: { b: "2" }, fault: null, updatedAt: at(9) };
      assert.deepEqual(await instances.find(before.id), after);
    },
  },
  {
    name: "what is heard of the agent is kept, and is no change of the instance to users",
    check: async ({ database: { instances }, mine, setTime }) => {
      const before = instance(mine);
      await instances.insert(before);
      setTime(at(9));
      const heard = { agentSeenAt: at(8), agentSilentSince: null, agentFeatures: ["version"] };
      assert.equal(await instances.update(before.id, heard), true);
      assert.deepEqual(await instances.find(before.id), { ...before, ...heard });
      assert.equal(await instances.update(before.id, { agentFeatures: null }), true);
      assert.deepEqual(await instances.find(before.id), { ...before, ...heard, agentFeatures: null });
    },
  },
  {
    name: "instances are listed by their ids",
    check: async ({ database: { instances }, mine }) => {
      const ids = ["a", "b", "c"].map((name) => `${mine}-${name}`);
      for (const id of ids) await instances.insert(instance(mine, { id }));
      const listed = await instances.list({ ids: [`${mine}-a`, `${mine}-c`, "no such"] });
      assert.deepEqual(listed.map(({ id }) => id).toSorted(), [`${mine}-a`, `${mine}-c`]);
      assert.deepEqual(await instances.list({ ids: [] }), []);
    },
  },
  {
    name: "of many who begin a task at once exactly one does",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const begin = async () =>
        instances.update(`${mine}-instance`, { taskState: "rebooting" }, { taskState: null });
      const begun = await Promise.all(Array.from({ length: 8 }, begin));
      assert.equal(begun.filter(Boolean).length, 1);
      const end = await instances.update(`${mine}-instance`, { taskState: null }, { taskState: "rebooting" });
      assert.equal(end, true);
      assert.equal(await begin(), true);
    },
  },
  {
    name: "an instance that is deleted or was never there cannot be updated",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine, { deletedAt: at(1), vmState: "deleted" }));
      assert.equal(await instances.update(`${mine}-instance`, { vmState: "active" }), false);
      assert.equal(await instances.update(`${mine}-other`, { vmState: "active" }), false);
      assert.equal((await instances.find(`${mine}-instance`))?.vmState, "deleted");
    },
  },
  {
    name: "each filter leaves out what does not match it",
    check: async (world) => {
      const { instances } = world.database;
      const { mine } = world;
      await instances.insert(instance(mine, { id: `${mine}-a`, name: "100%_web" }));
      const b = {
        name: "mail",
        vmState: "error",
        imageId: "suse",
        flavorId: "large",
        updatedAt: at(5),
      } as const;
      await instances.insert(instance(mine, { id: `${mine}-b`, ...b }));
      await instances.insert(instance(mine, { id: `${mine}-c`, deletedAt: at(1), vmState: "deleted" }));
      await instances.insert(instance(mine, { id: `${mine}-d`, projectId: `${mine}-other` }));
      assert.deepEqual(await listed(world, {}), ["b", "a"]);
      assert.deepEqual(await listed(world, { projectId: `${mine}-other` }), ["d"]);
      assert.deepEqual(await listed(world, { isDeleted: true }), ["c"]);
      assert.deepEqual(await listed(world, { name: "0%_" }), ["a"]);
      assert.deepEqual(await listed(world, { name: "m_il" }), []);
      assert.deepEqual(await listed(world, { vmStates: ["error", "stopped"] }), ["b"]);
      assert.deepEqual(await listed(world, { vmStates: [] }), []);
      assert.deepEqual(await listed(world, { imageId: "debian" }), ["a"]);
      assert.deepEqual(await listed(world, { flavorId: "large" }), ["b"]);
      assert.deepEqual(await listed(world, { changedSince: at(5) }), ["b"]);
      assert.deepEqual(await listed(world, { limit: 0 }), []);
    },
  },
  {
    name: "pages of any size make up the whole list in any order, equal keys too",
    check: async (world) => {
      const { mine } = world;
      for (const [index, name] of ["b", "a", "B", "a", "c", "b", "ä"].entries()) {
        const id = `${mine}-${index}`;
        const createdAt = at(index % 3);
        await world.database.instances.insert(instance(mine, { id, name, createdAt, updatedAt: at(-index) }));
      }
      const sorts: readonly NonNullable<InstanceFilter["sort"]>[] = [
        [],
        [{ key: "name", direction: "asc" }],
        [{ key: "vmState", direction: "desc" }],
        [
          { key: "createdAt", direction: "asc" },
          { key: "name", direction: "desc" },
          { key: "updatedAt", direction: "asc" },
        ],
      ];
      const wholes = ["5241630", "2130546", "6543210", "6034152"];
      for (const [index, sort] of sorts.entries()) {
        const whole = await listed(world, { sort });
        for (const limit of [1, 2, 3, 7, 8]) assert.deepEqual(await paged(world, { sort, limit }), whole);
        assert.equal(whole.join(""), wholes[index], JSON.stringify(sort));
      }
    },
  },
  {
    name: "a marker that is no instance of the project is refused",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const projectId = `${mine}-other`;
      const list = instances.list({ projectId, marker: `${mine}-instance` });
      await assert.rejects(list, hasCode("BAD_ARGUMENT"));
      await assert.rejects(instances.list({ marker: "none" }), hasCode("BAD_ARGUMENT", /"none"/));
    },
  },
  {
    name: "a port is found with its addresses in their order, and ports in that of the VIFs",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const first = port(mine, {
        fixedIps: [
          { address: "2001:db8::5", prefixLength: 64 },
          { address: "192.0.2.5", prefixLength: 24 },
        ],
      });
      const second = port(mine, { id: `${mine}-0`, mac: "00:16:3e:00:00:02", index: 1, fixedIps: [] });
      await instances.insertPort(second);
      await instances.insertPort(first);
      assert.deepEqual(await instances.ports(`${mine}-instance`), [first, second]);
      const ofBoth = await instances.portsOf([`${mine}-instance`, `${mine}-nothing`]);
      assert.deepEqual(ofBoth, new Map([[`${mine}-instance`, [first, second]]]));
      assert.deepEqual(await instances.findPort(first.id), first);
      assert.deepEqual(await instances.usedAddresses(`${mine}-network`), ["192.0.2.5", "2001:db8::5"]);
      await instances.removePort(first.id);
      assert.equal(await instances.findPort(first.id), undefined);
      assert.deepEqual(await instances.usedAddresses(`${mine}-network`), []);
    },
  },
  {
    name: "an instance that is being removed, or is gone, gets no port any more",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const id = `${mine}-instance`;
      const free = { id: `${mine}-free`, projectId: mine, name: "", mac: "00:16:3e:00:00:09", fixedIps: [] };
      await instances.insertFreePort({ ...free, networkId: `${mine}-network` });
      const isRefused = hasCode("NO_SUCH_INSTANCE", /could not be found/);
      for (const changes of [{ taskState: "deleting" }, { taskState: null, deletedAt: at(9) }] as const) {
        await instances.update(id, changes);
        await assert.rejects(instances.insertPort(port(mine)), isRefused);
        await assert.rejects(instances.bindPort(free.id, { instanceId: id, index: 0 }), isRefused);
      }
      assert.deepEqual(await instances.ports(id), []);
      assert.deepEqual(await instances.usedAddresses(`${mine}-network`), []);
      assert.ok(await instances.findFreePort(free.id));
    },
  },
  {
    name: "an address is in use once in a network, however it is written, and nothing stays of the refused port",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      await instances.insertPort(port(mine, { fixedIps: [{ address: "2001:db8::5", prefixLength: 64 }] }));
      const second = port(mine, {
        id: `${mine}-second`,
        mac: "00:16:3e:00:00:02",
        index: 1,
        fixedIps: [
          { address: "192.0.2.9", prefixLength: 24 },
          { address: "2001:DB8:0::0005", prefixLength: 64 },
        ],
      });
      await assert.rejects(instances.insertPort(second), hasCode("ADDRESS_TAKEN"));
      assert.equal((await instances.ports(`${mine}-instance`)).length, 1);
      assert.deepEqual(await instances.usedAddresses(`${mine}-network`), ["2001:db8::5"]);
      await instances.insertPort({ ...second, networkId: `${mine}-other` });
    },
  },
  {
    name: "the addresses of a port are replaced in one step, or left as they were",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const kept = { address: "192.0.2.5", prefixLength: 24 };
      const taken = { address: "192.0.2.7", prefixLength: 24 };
      const first = port(mine, { fixedIps: [kept] });
      const second = { id: `${mine}-second`, mac: "00:16:3e:00:00:02", index: 1, fixedIps: [taken] };
      await instances.insertPort(first);
      await instances.insertPort(port(mine, second));
      const fixedIps = [{ address: "192.0.2.6", prefixLength: 24 }, kept];
      await instances.setFixedIps(first.id, fixedIps);
      assert.deepEqual(await instances.findPort(first.id), { ...first, fixedIps });
      await assert.rejects(instances.setFixedIps(first.id, [kept, taken]), hasCode("ADDRESS_TAKEN"));
      assert.deepEqual(await instances.findPort(first.id), { ...first, fixedIps });
      await instances.setFixedIps(first.id, []);
      assert.deepEqual(await instances.usedAddresses(`${mine}-network`), ["192.0.2.7"]);
      await assert.rejects(instances.setFixedIps(`${mine}-none`, []), hasCode("NO_SUCH_PORT"));
    },
  },
  {
    name: "a port that was made by itself is given to one instance, and is free again behind it",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const { id, networkId, mac, fixedIps } = port(mine);
      const free = { id, networkId, mac, fixedIps, name: "web", projectId: `${mine}-project` };
      await instances.insertFreePort(free);
      assert.deepEqual(await instances.freePorts(free.projectId), [free]);
      assert.deepEqual(await instances.findFreePort(id), free);
      assert.equal(await instances.findPort(id), undefined);
      assert.deepEqual(await instances.usedAddresses(networkId), ["192.0.2.5"]);
      const place = { instanceId: `${mine}-instance`, index: 3 };
      const bound = await Promise.all([instances.bindPort(id, place), instances.bindPort(id, place)]);
      assert.deepEqual(bound.toSorted(), [false, true]);
      assert.deepEqual(await instances.findPort(id), { ...port(mine), index: 3, name: "web" });
      assert.deepEqual(await instances.freePorts(free.projectId), []);
      assert.equal(await instances.removeFreePort(id), false);
      await instances.releasePort(id);
      assert.deepEqual(await instances.findFreePort(id), free);
      assert.equal(await instances.removeFreePort(id), true);
      assert.deepEqual(await instances.usedAddresses(networkId), []);
    },
  },
  {
    name: "a port that came with its instance is gone when it is taken from it",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const { id, networkId } = port(mine);
      await instances.insertPort(port(mine));
      await instances.releasePort(id);
      assert.deepEqual(
        [await instances.findPort(id), await instances.findFreePort(id)],
        [undefined, undefined],
      );
      assert.deepEqual(await instances.usedAddresses(networkId), []);
    },
  },
  {
    name: "of many changes of the metadata at once none is lost",
    check: async ({ database: { instances }, mine, setTime }) => {
      await instances.insert(instance(mine, { metadata: { removed: "1", kept: "2" } }));
      setTime(at(5));
      const id = `${mine}-instance`;
      const set = (key: string) => instances.changeMetadata(id, (all) => ({ ...all, [key]: key }));
      const remove = instances.changeMetadata(id, ({ removed: _removed, ...rest }) => rest);
      await Promise.all([set("a"), set("b"), remove, set("c"), set("d")]);
      const found = await instances.find(id);
      assert.deepEqual(found?.metadata, { kept: "2", a: "a", b: "b", c: "c", d: "d" });
      assert.deepEqual(found.updatedAt, at(5));
    },
  },
  {
    name: "a change of the metadata that is refused, or of an instance that is gone, changes nothing",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine, { metadata: { a: "1" } }));
      const refused = instances.changeMetadata(`${mine}-instance`, () => {
        throw new HostError("BAD_ARGUMENT", "No");
      });
      await assert.rejects(refused, hasCode("BAD_ARGUMENT"));
      assert.deepEqual((await instances.find(`${mine}-instance`))?.metadata, { a: "1" });
      await instances.insert(instance(mine, { id: `${mine}-gone`, deletedAt: at(1), vmState: "deleted" }));
      for (const id of [`${mine}-gone`, `${mine}-none`]) {
        assert.equal(await instances.changeMetadata(id, () => ({ b: "2" })), undefined);
      }
    },
  },
  {
    name: "of many who take the same address at once exactly one gets it",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const takers = Array.from({ length: 6 }, async (_, index) =>
        instances.insertPort(port(mine, { id: `${mine}-${index}`, mac: `00:16:3e:00:00:0${index}`, index })),
      );
      const outcomes = await Promise.allSettled(takers);
      const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      assert.equal(refusals.length, 5);
      assert.ok(refusals.every(hasCode("ADDRESS_TAKEN")));
    },
  },
  {
    name: "a MAC address is in use once in a network",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      await instances.insertPort(port(mine));
      const second = port(mine, { id: `${mine}-second`, index: 1, fixedIps: [] });
      await assert.rejects(instances.insertPort(second), hasCode("ADDRESS_TAKEN", /MAC/));
    },
  },
  {
    name: "a port of an instance that is not there is refused",
    check: async ({ database: { instances }, mine }) => {
      await assert.rejects(instances.insertPort(port(mine)), hasCode("NO_SUCH_INSTANCE"));
    },
  },
  {
    name: "an address that is none fails as an error of the database",
    check: async ({ database: { instances }, mine }) => {
      await instances.insert(instance(mine));
      const fixedIps = [{ address: "not an address", prefixLength: 24 }];
      await assert.rejects(instances.insertPort(port(mine, { fixedIps })), hasCode("DATABASE_FAILED"));
    },
  },
];

/** The instances of the world's project, by what is behind its own text in their ids. */
async function listed({ database, mine }: World, filter: InstanceFilter): Promise<readonly string[]> {
  const found = await database.instances.list({ projectId: `${mine}-project`, ...filter });
  return found.map(({ id }) => id.slice(mine.length + 1));
}

/** The same list, page by page. */
async function paged(world: World, filter: InstanceFilter): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const last = all.at(-1);
    const marker = last === undefined ? {} : { marker: `${world.mine}-${last}` };
    const page = await listed(world, { ...filter, ...marker });
    if (page.length === 0) return all;
    all.push(...page);
  }
}
