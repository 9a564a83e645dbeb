import assert from "node:assert/strict";
import test from "node:test";
import { FreePorts, HostError } from "../../../src/index.ts";
import { CARD_APPEARS_MS } from "../../../src/instances/limits.ts";
import { hasCode } from "../../support/has-code.ts";
import { instanceWorld, privateNetwork, publicNetwork, until } from "../../support/instance-world.ts";

const beginning = (): Date => new Date(0);
const onlyPublic = { cards: [{ networkId: publicNetwork.id }] };

test("an attached card is plugged, described and applied", async (context) => {
  const { service, toolstack, operations, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const port = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  assert.equal(port.index, 1);
  assert.ok(toolstack.macsOf(id).includes(port.mac));
  const key = port.mac.replaceAll(":", "");
  assert.equal(JSON.parse((await vmData(id, `networking/${key}`)) ?? "").label, "private");
  assert.deepEqual(operations.asked, ["resetNetwork"]);
});

test("a card that the guest refuses is taken back whole", async (context) => {
  const { service, database, toolstack, operations, xenstore, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  operations.refuse("resetNetwork", "no such back end");
  const asked = service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await assert.rejects(asked, hasCode("GUEST_REFUSED", /^no such back end$/));
  assert.equal((await database.instances.ports(id)).length, 1);
  assert.equal(toolstack.macsOf(id).length, 1);
  assert.deepEqual(await database.instances.usedAddresses(privateNetwork.id), []);
  const domid = (await toolstack.find(id))?.domid;
  assert.equal((await xenstore.list(`/local/domain/${domid}/vm-data/networking`)).length, 1);
  assert.deepEqual([database.instance(id).vmState, database.instance(id).taskState], ["active", null]);
});

const leftOut = (mac: string): string =>
  `Left out, because no interface of this guest has the MAC address: ${mac} (private)`;

test("a card that the guest does not find is asked for once more, and then taken back", async (context) => {
  const { service, database, toolstack, operations, clock, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  operations.answers.set("resetNetwork", async () => {
    operations.networkWords.push(leftOut(toolstack.macsOf(id)[1] ?? ""));
  });
  const requester = ask();
  const asked = service.attachInterface(requester, id, { networkId: privateNetwork.id });
  const refused = assert.rejects(asked, hasCode("GUEST_REFUSED", /Left out, because no interface/));
  await until(() => clock.alarmCount > 0);
  assert.deepEqual(operations.asked, ["resetNetwork"]);
  clock.advance(CARD_APPEARS_MS);
  await refused;
  assert.deepEqual(operations.asked, ["resetNetwork", "resetNetwork"]);
  assert.equal((await database.instances.ports(id)).length, 1);
  assert.equal(toolstack.macsOf(id).length, 1);
  assert.deepEqual(await database.instances.usedAddresses(privateNetwork.id), []);
});

test("a card that appears in the guest a moment later is attached", async (context) => {
  const { service, toolstack, operations, clock, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  operations.answers.set("resetNetwork", async () => {
    if (operations.asked.length === 1) operations.networkWords.push(leftOut(toolstack.macsOf(id)[1] ?? ""));
  });
  const asked = service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await until(() => clock.alarmCount > 0);
  clock.advance(CARD_APPEARS_MS);
  assert.ok(toolstack.macsOf(id).includes((await asked).mac));
});

test("another card that the guest leaves out does not stop one that it uses", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const words = leftOut("00:16:3e:ff:ff:ff");
  operations.networkWords.push(words);
  const requester = ask();
  await service.attachInterface(requester, id, { networkId: privateNetwork.id });
  const action = await database.actions.find(id, requester.requestId);
  const told = action?.events.find(({ event }) => event === "reset_network");
  assert.deepEqual([action?.message, told?.result, told?.details], [null, "Success", words]);
});

test("a card is taken back where a guest is that rebooted meanwhile", async (context) => {
  const { service, toolstack, operations, xenstore, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const networking = async (): Promise<string> =>
    `/local/domain/${(await toolstack.find(id))?.domid}/vm-data/networking`;
  operations.answers.set("resetNetwork", async () => {
    const former = await networking();
    const names = await xenstore.list(former);
    await toolstack.rebootByItself(id);
    // As a toolstack does that takes vm-data along.
    for (const name of names) await xenstore.write(`${await networking()}/${name}`, "{}");
    throw new HostError("GUEST_TIMEOUT", "silent");
  });
  const asked = service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await assert.rejects(asked, hasCode("GUEST_TIMEOUT", /^silent$/));
  assert.equal((await xenstore.list(await networking())).length, 1);
});

test("a card reaches a guest that has come back and is not noted yet", async (context) => {
  const { service, database, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  database.put({ ...database.instance(id), vmState: "stopped" });
  const port = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  assert.deepEqual([toolstack.macsOf(id).includes(port.mac), operations.asked], [true, ["resetNetwork"]]);
  await service.detachInterface(ask(), id, port.id);
  assert.equal(toolstack.macsOf(id).includes(port.mac), false);
});

for (const isDetached of [false, true]) {
  const change = isDetached ? "detached" : "attached";
  test(`a card that is ${change} while its guest reboots without vm-data is applied once more`, async (context) => {
    const { service, database, toolstack, operations, xenstore, built, ask } = await instanceWorld(context);
    const { id } = await built(isDetached ? {} : onlyPublic);
    let reboots = 0;
    operations.answers.set("resetNetwork", async () => {
      reboots += 1;
      if (reboots === 1) await toolstack.rebootByItself(id);
    });
    const [, second] = await database.instances.ports(id);
    if (isDetached) await service.detachInterface(ask(), id, second?.id ?? "");
    else await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
    assert.deepEqual(operations.asked, ["resetNetwork", "resetNetwork"]);
    const domid = (await toolstack.find(id))?.domid;
    const names = await xenstore.list(`/local/domain/${domid}/vm-data/networking`);
    assert.equal(names.length, isDetached ? 1 : 2);
  });
}

test("a card is attached together with those that a new domain does not know yet", async (context) => {
  const { service, toolstack, xenstore, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const { domid } = await toolstack.rebootByItself(id);
  await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  assert.equal((await xenstore.list(`/local/domain/${domid}/vm-data/networking`)).length, 2);
});

test("a card is detached from a domain that came without vm-data", async (context) => {
  const { service, database, toolstack, operations, xenstore, vmData, built, ask } =
    await instanceWorld(context);
  const { id } = await built();
  const { domid } = await toolstack.rebootByItself(id);
  const applied: number[] = [];
  operations.answers.set("resetNetwork", async () => {
    applied.push((await xenstore.list(`/local/domain/${domid}/vm-data/networking`)).length);
  });
  const [, second] = await database.instances.ports(id);
  await service.detachInterface(ask(), id, second?.id ?? "");
  assert.deepEqual(applied, [1]);
  assert.equal(await vmData(id, "hostname"), "web-1");
});

test("a card whose plugging failed is unplugged, should it be there all the same", async (context) => {
  const { service, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  toolstack.failures.set("attachVif", "timed out");
  const asked = service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await assert.rejects(asked, hasCode("TOOLSTACK_FAILED", /^timed out$/));
  assert.deepEqual(toolstack.calls, ["attachVif", "detachVif"]);
});

test("what cannot be taken back is named", async (context) => {
  const { service, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  operations.refuse("resetNetwork", "refused");
  toolstack.failures.set("detachVif", "device is busy");
  const asked = service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await assert.rejects(
    asked,
    hasCode("GUEST_REFUSED", /Could not be taken back: the VIF \(device is busy\)/),
  );
});

test("a wanted address is given, unless it is taken or none of the network's", async (context) => {
  const { service, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const networkId = privateNetwork.id;
  const port = await service.attachInterface(ask(), id, { networkId, fixedIp: "10.208.7.7" });
  assert.deepEqual(port.fixedIps, [{ address: "10.208.7.7", prefixLength: 19 }]);
  const again = service.attachInterface(ask(), id, { networkId, fixedIp: "10.208.7.7" });
  await assert.rejects(again, hasCode("ADDRESS_TAKEN"));
  const foreign = service.attachInterface(ask(), id, { networkId, fixedIp: "192.0.2.1" });
  await assert.rejects(foreign, hasCode("BAD_ARGUMENT"));
});

test("a port that was made by itself is attached, and free again when it is detached", async (context) => {
  const { service, database, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const ids = ["port-1", "port-2"];
  const ports = new FreePorts({ database, now: beginning, newId: () => ids.shift() ?? "port-3" });
  const made = await ports.create(ask(), { networkId: privateNetwork.id, name: "mine" });
  const other = { ...ask(), projectId: "other" };
  await assert.rejects(ports.remove(other, made.id), hasCode("NO_SUCH_PORT"));
  const port = await service.attachInterface(ask(), id, { portId: made.id });
  assert.deepEqual([port.index, port.mac, port.fixedIps], [1, made.mac, made.fixedIps]);
  assert.ok(toolstack.macsOf(id).includes(made.mac));
  await assert.rejects(service.attachInterface(ask(), id, { portId: made.id }), hasCode("NO_SUCH_PORT"));
  await assert.rejects(ports.remove(ask(), made.id), hasCode("NO_SUCH_PORT"));
  await service.detachInterface(ask(), id, made.id);
  assert.deepEqual(await database.instances.findFreePort(made.id), made);
  operations.refuse("resetNetwork", "refused");
  await assert.rejects(service.attachInterface(ask(), id, { portId: made.id }), hasCode("GUEST_REFUSED"));
  assert.deepEqual(await database.instances.findFreePort(made.id), made);
  assert.equal(toolstack.macsOf(id).length, 1);
  await ports.remove(ask(), made.id);
  assert.deepEqual(await database.instances.usedAddresses(privateNetwork.id), []);
});

test("a port of another project is not there", async (context) => {
  const { service, database, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const card = { id: "foreign", networkId: privateNetwork.id, mac: "00:16:3e:00:00:99", fixedIps: [] };
  await database.instances.insertFreePort({ ...card, projectId: "other", name: "" });
  await assert.rejects(service.attachInterface(ask(), id, { portId: "foreign" }), hasCode("NO_SUCH_PORT"));
});

test("a detached card is gone from the guest and its address is free", async (context) => {
  const { service, database, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const port = (await database.instances.ports(id))[1];
  await service.detachInterface(ask(), id, port?.id ?? "");
  assert.equal(toolstack.macsOf(id).length, 1);
  assert.deepEqual(await database.instances.usedAddresses(privateNetwork.id), []);
  assert.deepEqual(operations.asked, ["resetNetwork"]);
});

test("a card that the guest does not do without is put back, and configured anew", async (context) => {
  const { service, database, toolstack, operations, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built();
  const port = (await database.instances.ports(id))[1];
  const cards: boolean[] = [];
  operations.answers.set("resetNetwork", async () => {
    const isPlugged = toolstack.macsOf(id).includes(port?.mac ?? "");
    cards.push(isPlugged);
    if (!isPlugged) throw new HostError("GUEST_REFUSED", "refused");
  });
  await assert.rejects(service.detachInterface(ask(), id, port?.id ?? ""), hasCode("GUEST_REFUSED"));
  assert.deepEqual(cards, [false, true]);
  const key = port?.mac.replaceAll(":", "");
  assert.match((await vmData(id, `networking/${key}`)) ?? "", /private/);
  assert.equal((await database.instances.ports(id)).length, 2);
});

test("a port of another instance is not there", async (context) => {
  const { service, database, built, ask } = await instanceWorld(context);
  const [{ id }, other] = [await built(), await built()];
  const port = (await database.instances.ports(other.id))[0];
  await assert.rejects(service.detachInterface(ask(), id, port?.id ?? ""), hasCode("NO_SUCH_PORT"));
});

test("a network of another project is not there", async (context) => {
  const { service, database, built, ask } = await instanceWorld(context);
  await database.inventory.insertNetwork({ ...privateNetwork, id: "foreign", projectId: "other" });
  const { id } = await built();
  const asked = service.attachInterface(ask(), id, { networkId: "foreign" });
  await assert.rejects(asked, hasCode("BAD_ARGUMENT", /could not be found/));
});

test("a stopped instance gets the card at its next start", async (context) => {
  const { service, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  await service.stop(ask(), id);
  await service.idle();
  const port = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  assert.deepEqual(operations.asked, []);
  await service.start(ask(), id);
  await service.idle();
  assert.ok(toolstack.macsOf(id).includes(port.mac));
});

for (const isMadeBefore of [false, true]) {
  const what = isMadeBefore ? "port that was made by itself" : "card";
  test(`a ${what} is not given to an instance that is removed at the same moment`, async (context) => {
    const { service, database, built, ask } = await instanceWorld(context);
    const { id } = await built(onlyPublic);
    await service.stop(ask(), id);
    await service.idle();
    const ports = new FreePorts({ database, now: beginning, newId: () => "port-1" });
    const networkId = privateNetwork.id;
    if (isMadeBefore) await ports.create(ask(), { networkId, name: "mine" });
    const { instances } = database;
    const list = instances.ports.bind(instances);
    instances.ports = async (instanceId) => {
      instances.ports = list;
      const found = await list(instanceId);
      await service.remove(ask(), id);
      await service.idle();
      return found;
    };
    const asked = service.attachInterface(ask(), id, isMadeBefore ? { portId: "port-1" } : { networkId });
    await assert.rejects(asked, hasCode("NO_SUCH_INSTANCE"));
    assert.deepEqual(await instances.ports(id), []);
    assert.equal((await instances.usedAddresses(networkId)).length, isMadeBefore ? 1 : 0);
  });
}

test("an address is added to and removed from a card, and refused ones are taken back", async (context) => {
  const { service, database, operations, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built(onlyPublic);
  const read = async () => {
    const [port] = await database.instances.ports(id);
    const text = await vmData(id, `networking/${port?.mac.replaceAll(":", "")}`);
    const told: { readonly ip: string }[] = JSON.parse(text ?? "").ips;
    return { port: port?.fixedIps.map(({ address }) => address), told: told.map(({ ip }) => ip) };
  };
  const former = await read();
  const added = await service.addFixedIp(ask(), id, publicNetwork.id);
  assert.deepEqual(await read(), {
    port: [...(former.port ?? []), added.address],
    told: [...former.told, added.address],
  });
  operations.refuse("resetNetwork", "refused");
  await assert.rejects(service.removeFixedIp(ask(), id, added.address), hasCode("GUEST_REFUSED"));
  assert.deepEqual((await read()).told, [...former.told, added.address]);
  operations.answers.clear();
  await service.removeFixedIp(ask(), id, added.address);
  assert.deepEqual(await read(), former);
  await assert.rejects(service.removeFixedIp(ask(), id, added.address), hasCode("BAD_ARGUMENT"));
  await assert.rejects(service.addFixedIp(ask(), id, privateNetwork.id), hasCode("BAD_ARGUMENT"));
});
