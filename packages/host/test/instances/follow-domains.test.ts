import assert from "node:assert/strict";
import test from "node:test";
import { type InstanceWorld, instanceWorld, quiet } from "../support/instance-world.ts";

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
  assert.equal(clock.alarmCount, 0);
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
