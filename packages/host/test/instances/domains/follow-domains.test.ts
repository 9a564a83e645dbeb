import assert from "node:assert/strict";
import test from "node:test";
import { makeDomain } from "../../../src/testing/index.ts";
import {
  type InstanceWorld,
  instanceWorld,
  privateNetwork,
  publicNetwork,
  quiet,
  secretOf,
} from "../../support/instance-world.ts";

/** The names below `vm-data/networking` of an instance's domain. */
async function vmDataTree({ xenstore, toolstack }: InstanceWorld, id: string): Promise<readonly string[]> {
  return xenstore.list(`/local/domain/${(await toolstack.find(id))?.domid}/vm-data/networking`);
}

/** Lets the time pass after which a domain that is not there counts. */
async function lookAgain({ clock }: InstanceWorld): Promise<void> {
  await quiet();
  clock.advance(10_000);
  await quiet();
}

test("an instance whose domain ends by itself is stopped, after a while", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built } = world;
  await service.recover();
  const { id } = await built();
  await toolstack.endByItself(id);
  await quiet();
  assert.equal(database.instance(id).vmState, "active");
  await lookAgain(world);
  const { vmState, taskState } = database.instance(id);
  assert.deepEqual([vmState, taskState], ["stopped", null]);
});

test("an instance whose guest reboots stays active", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, clock, built, lines } = world;
  await service.recover();
  const { id } = await built();
  const spec = toolstack.specOf(id);
  await toolstack.endByItself(id);
  await quiet();
  clock.advance(5_000);
  await toolstack.create(spec);
  for (let times = 0; times < 3; times += 1) await lookAgain(world);
  assert.equal(database.instance(id).vmState, "active");
  assert.deepEqual(lines, []);
  assert.equal(clock.alarmCount, 1);
});

test("a guest that reboots by itself has its vm-data again", async (context) => {
  const world = await instanceWorld(context);
  const { service, toolstack, clock, xenstore, built, vmData, ask } = world;
  await service.recover();
  const { id } = await built();
  await service.setMetadata(ask(), id, { metadata: { colour: "blue" }, isWhole: false });
  const networking = await vmDataTree(world, id);
  const { domid } = await toolstack.rebootByItself(id);
  assert.equal(await vmData(id, "hostname"), undefined);
  await quiet();
  assert.equal(await vmData(id, "hostname"), "web-1");
  assert.equal(await vmData(id, "user-metadata/colour"), '"blue"');
  assert.equal(await vmData(id, "provider_data/provider"), "Example");
  assert.deepEqual(await vmDataTree(world, id), networking);
  assert.deepEqual(await xenstore.getPermissions(`/local/domain/${domid}/vm-data/hostname`), [
    { domid: 0, read: false, write: false },
    { domid, read: true, write: false },
  ]);
  await lookAgain(world);
  assert.equal(clock.alarmCount, 1);
});

test("an instance whose guest migrates stays active, and has its vm-data where it is now", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, clock, built, vmData } = world;
  await service.recover();
  const { id } = await built();
  const before = await toolstack.find(id);
  const networking = await vmDataTree(world, id);
  const after = await toolstack.migrate(id);
  for (let times = 0; times < 3; times += 1) await lookAgain(world);
  assert.notEqual(after.domid, before?.domid);
  assert.equal(database.instance(id).vmState, "active");
  assert.equal(await vmData(id, "hostname"), "web-1");
  assert.deepEqual(await vmDataTree(world, id), networking);
  assert.equal(clock.alarmCount, 1);
});

test("a rescue system that reboots by itself has a rescue system's vm-data again", async (context) => {
  const { service, toolstack, built, vmData, ask } = await instanceWorld(context);
  await service.recover();
  const { id } = await built();
  await service.rescue(ask(), id, { adminPass: secretOf("in rescue") });
  await service.idle();
  await toolstack.rebootByItself(id);
  await quiet();
  assert.equal(await vmData(id, "hostname"), "RESCUE-web-1");
});

test("a rescue system that is away for a while is rescued again when it comes back", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built, ask } = world;
  await service.recover();
  const { id } = await built();
  await service.rescue(ask(), id, { adminPass: secretOf("in rescue") });
  await service.idle();
  const spec = toolstack.specOf(id);
  await toolstack.endByItself(id);
  await lookAgain(world);
  await lookAgain(world);
  assert.equal(database.instance(id).vmState, "stopped");
  await toolstack.create(spec);
  await lookAgain(world);
  await lookAgain(world);
  assert.equal(database.instance(id).vmState, "rescued");
  await service.unrescue(ask(), id);
  await service.idle();
  assert.deepEqual([database.instance(id).vmState, toolstack.specOf(id).boot], ["active", "own"]);
});

test("a card that an instance got while its domain was away is plugged when it is back", async (context) => {
  const world = await instanceWorld(context);
  const { service, toolstack, built, ask } = world;
  await service.recover();
  const { id } = await built({ cards: [{ networkId: publicNetwork.id }] });
  const spec = toolstack.specOf(id);
  await toolstack.endByItself(id);
  await lookAgain(world);
  await lookAgain(world);
  const port = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await toolstack.create(spec);
  await lookAgain(world);
  await lookAgain(world);
  assert.ok(toolstack.macsOf(id).includes(port.mac));
  assert.equal((await vmDataTree(world, id)).length, 2);
});

test("nobody changes the cards of an instance while they are plugged after an absence", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built, ask } = world;
  await service.recover();
  const { id } = await built({ cards: [{ networkId: publicNetwork.id }] });
  const spec = toolstack.specOf(id);
  await toolstack.endByItself(id);
  await lookAgain(world);
  await lookAgain(world);
  const port = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  await toolstack.create(spec);
  const attach = toolstack.attachVif.bind(toolstack);
  const refusals: unknown[] = [];
  context.mock.method(toolstack, "attachVif", async (...args: Parameters<typeof attach>) => {
    await service.detachInterface(ask(), id, port.id).catch((error: unknown) => refusals.push(error));
    await attach(...args);
  });
  await lookAgain(world);
  await lookAgain(world);
  assert.match(String(refusals), /task_state networking/);
  const { vmState, taskState } = database.instance(id);
  assert.deepEqual([vmState, taskState], ["active", null]);
  assert.ok(toolstack.macsOf(id).includes(port.mac));
});

test("an instance whose cards cannot be plugged after an absence is free, and tried again", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built } = world;
  await service.recover();
  const { id } = await built({ cards: [{ networkId: publicNetwork.id }] });
  const spec = toolstack.specOf(id);
  await toolstack.endByItself(id);
  await lookAgain(world);
  await lookAgain(world);
  await toolstack.create(spec);
  toolstack.failures.set("attachVif", "no such bridge");
  await lookAgain(world);
  await lookAgain(world);
  assert.deepEqual([database.instance(id).vmState, database.instance(id).taskState], ["stopped", null]);
  toolstack.failures.clear();
  await lookAgain(world);
  await lookAgain(world);
  assert.equal(database.instance(id).vmState, "active");
});

test("a domain whose end nobody was told of is found to be gone", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, clock, built } = world;
  await service.recover();
  const { id } = await built();
  await lookAgain(world);
  toolstack.endUntold(id);
  clock.advance(300_000);
  await lookAgain(world);
  await lookAgain(world);
  assert.equal(database.instance(id).vmState, "stopped");
});

test("an action's time without a domain does not count behind it", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, xenstore, built } = world;
  await service.recover();
  const instance = await built();
  const spec = toolstack.specOf(instance.id);
  database.put({ ...instance, taskState: "rebooting_hard" });
  await toolstack.endByItself(instance.id);
  await lookAgain(world);
  // The action is over, but the toolstack does not list the new domain yet when somebody else's comes.
  database.put({ ...instance, taskState: null });
  await xenstore.introduce({ domid: 41, gfn: 1, port: 1 });
  await quiet();
  assert.equal(database.instance(instance.id).vmState, "active");
  await toolstack.create(spec);
  for (let times = 0; times < 2; times += 1) await lookAgain(world);
  assert.equal(database.instance(instance.id).vmState, "active");
});

test("what an action does not bring is brought behind it", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built, vmData } = world;
  await service.recover();
  const instance = await built();
  database.put({ ...instance, taskState: "networking" });
  await toolstack.rebootByItself(instance.id);
  await lookAgain(world);
  assert.equal(await vmData(instance.id, "hostname"), undefined);
  database.put({ ...instance, taskState: null });
  await lookAgain(world);
  assert.equal(await vmData(instance.id, "hostname"), "web-1");
});

test("domains that are no instances are left alone", async (context) => {
  const { service, xenstore, clock } = await instanceWorld(context);
  await service.recover();
  await makeDomain(xenstore, { domid: 40, uuid: "b0a7a1e5-8f6b-4f6c-9d0a-2f5b3c1d4e6f" });
  await makeDomain(xenstore, { domid: 41 });
  await xenstore.introduce({ domid: 41, gfn: 1, port: 1 });
  await quiet();
  clock.advance(10_000);
  await quiet();
  for (const domid of [40, 41]) assert.equal(await xenstore.exists(`/local/domain/${domid}/vm-data`), false);
  assert.equal(clock.alarmCount, 1);
});

test("an instance that is started in dom0 is active", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built, ask } = world;
  await service.recover();
  const { id } = await built();
  const spec = toolstack.specOf(id);
  await service.stop(ask(), id);
  await service.idle();
  await toolstack.create(spec);
  for (let times = 0; times < 2; times += 1) await lookAgain(world);
  assert.equal(database.instance(id).vmState, "active");
});

test("an instance that something is being done to is left to that", async (context) => {
  const world = await instanceWorld(context);
  const { service, database, toolstack, built } = world;
  await service.recover();
  const instance = await built();
  database.put({ ...instance, taskState: "rebooting" });
  await toolstack.endByItself(instance.id);
  for (let times = 0; times < 2; times += 1) await lookAgain(world);
  assert.equal(database.instance(instance.id).vmState, "active");
  database.put({ ...instance, taskState: null });
  await lookAgain(world);
  assert.equal(database.instance(instance.id).vmState, "stopped");
});

test("a closed service follows nothing and leaves no alarm", async (context) => {
  const { service, database, toolstack, clock, built } = await instanceWorld(context);
  await service.recover();
  const { id } = await built();
  await toolstack.endByItself(id);
  await quiet();
  await service.close();
  await service.close();
  assert.equal(clock.alarmCount, 0);
  assert.equal(database.instance(id).vmState, "active");
});
