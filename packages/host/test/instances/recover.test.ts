import assert from "node:assert/strict";
import test from "node:test";
import { HostError, type Instance, type TaskState, type VmState } from "../../src/index.ts";
import { createRequest, type InstanceWorld, instanceWorld, until } from "../support/instance-world.ts";

/** What is left when the service ends in the middle of an action, and a new one has seen to it. */
async function afterCrash(
  world: InstanceWorld,
  crash: {
    readonly taskState: TaskState;
    readonly action: string;
    readonly vmState?: VmState;
    readonly isEnded?: boolean;
    /** A step that was begun. */
    readonly event?: string;
  },
): Promise<{
  readonly instance: Instance;
  readonly message: string | null | undefined;
  readonly events: readonly string[];
}> {
  const { database, toolstack, built, ask, restarted } = world;
  const { taskState, action, vmState = "active" } = crash;
  const instance = await built();
  if (crash.isEnded === true) await toolstack.endByItself(instance.id);
  const requester = ask();
  await database.actions.begin(requester, { instanceId: instance.id, action });
  if (crash.event !== undefined) await database.actions.beginEvent(requester.requestId, crash.event);
  database.put({ ...instance, vmState, taskState });
  const service = restarted();
  await service.recover();
  await service.idle();
  const ended = await database.actions.find(instance.id, requester.requestId);
  assert.deepEqual(await database.actions.unfinished(), []);
  const events = database.eventsOf(requester.requestId);
  return { instance: database.instance(instance.id), message: ended?.message, events };
}

test("a build that was interrupted is in error, with the reason", async (context) => {
  const world = await instanceWorld(context);
  world.operations.hold("version");
  const { id } = await world.service.create(world.ask(), createRequest());
  await until(() => world.database.instance(id).progress === 30);
  const service = world.restarted();
  await service.recover();
  const { vmState, taskState, fault } = world.database.instance(id);
  assert.deepEqual([vmState, taskState, fault?.code], ["error", null, 500]);
  assert.match(fault?.message ?? "", /restarted during create\. The build was 30 % done/);
  assert.deepEqual(await world.database.actions.unfinished(), []);
});

test("a password that was being set is said to be unknown", async (context) => {
  const world = await instanceWorld(context);
  const left = await afterCrash(world, { taskState: "updating_password", action: "changePassword" });
  assert.deepEqual([left.instance.vmState, left.instance.taskState], ["active", null]);
  assert.match(left.message ?? "", /restarted during changePassword.*is not known/);
});

test("a reboot that the host finished is left alone, and one that it did not is finished", async (context) => {
  const world = await instanceWorld(context);
  const crash = { taskState: "rebooting", action: "reboot" } as const;
  assert.equal((await afterCrash(world, crash)).instance.vmState, "active");
  assert.deepEqual(world.toolstack.calls, []);
  const { instance, message } = await afterCrash(world, { ...crash, isEnded: true });
  assert.deepEqual([instance.vmState, instance.taskState, message], ["active", null, null]);
  assert.ok((await world.toolstack.find(instance.id)) !== undefined);
});

test("starting, stopping, unrescuing and removing go on", async (context) => {
  const world = await instanceWorld(context);
  const ends = [
    [{ taskState: "powering-on", action: "start", vmState: "stopped", isEnded: true }, "active"],
    [{ taskState: "powering-off", action: "stop" }, "stopped"],
    [{ taskState: "powering-off", action: "stop", isEnded: true }, "stopped"],
    [{ taskState: "unrescuing", action: "unrescue", vmState: "rescued" }, "active"],
    [{ taskState: "deleting", action: "delete" }, "deleted"],
  ] as const;
  for (const [crash, vmState] of ends) {
    const { instance, message } = await afterCrash(world, crash);
    assert.deepEqual([instance.vmState, instance.taskState, message], [vmState, null, null], crash.action);
  }
});

test("a rescue that was interrupted is taken back to the own disk, with the reason", async (context) => {
  const world = await instanceWorld(context);
  const crash = { taskState: "rescuing", action: "rescue", event: "domain" } as const;
  const { instance, message, events } = await afterCrash(world, crash);
  assert.deepEqual([instance.vmState, instance.taskState], ["active", null]);
  assert.match(instance.fault?.message ?? "", /Rescue it again/);
  assert.deepEqual(world.operations.givenUp, [instance.id]);
  assert.equal(message, instance.fault?.message);
  assert.deepEqual(events, ["domain Error", "destroy Success", "domain Success"]);
  assert.equal(world.toolstack.specOf(instance.id).boot, "own");
});

test("a network change that was interrupted ends with what the database has, in the guest", async (context) => {
  const world = await instanceWorld(context);
  const crash = { taskState: "networking", action: "attach_interface" } as const;
  const { instance, message } = await afterCrash(world, crash);
  assert.deepEqual([instance.vmState, instance.taskState], ["active", null]);
  assert.match(message ?? "", /restarted during attach_interface\. .*Look whether these are all/);
  assert.deepEqual(world.operations.asked, ["resetNetwork"]);
});

test("a network change that cannot be brought to the guest after a restart says so", async (context) => {
  const world = await instanceWorld(context);
  let resets = 0;
  world.operations.answers.set("resetNetwork", async () => {
    resets += 1;
    // The first one is that of the build.
    if (resets > 1) throw new HostError("GUEST_REFUSED", "no link");
  });
  const crash = { taskState: "networking", action: "attach_interface" } as const;
  const { instance, message } = await afterCrash(world, crash);
  assert.deepEqual([instance.vmState, instance.taskState], ["active", null]);
  assert.match(
    message ?? "",
    /restarted during.*could not be brought to its guest: no link\. Reboot it hard/,
  );
});

test("a network card whose domain did not get it any more is plugged in", async (context) => {
  const { database, toolstack, built, ask, restarted } = await instanceWorld(context);
  const instance = await built();
  const [first, second] = await database.instances.ports(instance.id);
  assert.ok(first && second);
  await toolstack.detachVif(instance.id, second.mac);
  await database.actions.begin(ask(), { instanceId: instance.id, action: "attach_interface" });
  database.put({ ...instance, taskState: "networking" });
  const service = restarted();
  await service.recover();
  await service.idle();
  assert.deepEqual(toolstack.macsOf(instance.id), [first.mac, second.mac]);
});

test("an action from which removing had taken the instance is ended, and the removing goes on", async (context) => {
  const { database, built, ask, restarted } = await instanceWorld(context);
  const instance = await built();
  const [former, removing] = [ask(), ask()];
  await database.actions.begin(former, { instanceId: instance.id, action: "reboot" });
  await database.actions.begin(removing, { instanceId: instance.id, action: "delete" });
  database.put({ ...instance, taskState: "deleting" });
  const service = restarted();
  await service.recover();
  await service.idle();
  assert.deepEqual(await database.actions.unfinished(), []);
  const messages = [former, removing].map(async ({ requestId }) => {
    return (await database.actions.find(instance.id, requestId))?.message;
  });
  const [ofFormer, ofRemoving] = await Promise.all(messages);
  assert.match(ofFormer ?? "", /restarted during reboot, from which the instance had been taken/);
  assert.equal(ofRemoving, null);
});

test("a registration that was interrupted is not repeated", async (context) => {
  const world = await instanceWorld(context);
  const { message } = await afterCrash(world, { taskState: "networking", action: "registerRedHat" });
  assert.match(message ?? "", /Whether it was done is not known/);
  assert.deepEqual(world.operations.asked, []);
});

test("a task whose action was not begun, and an action whose task has ended, are ended too", async (context) => {
  const { database, built, ask, restarted } = await instanceWorld(context);
  const [first, second] = [await built(), await built()];
  database.put({ ...first, taskState: "powering-off" });
  await database.actions.begin(ask(), { instanceId: second.id, action: "reboot" });
  const service = restarted();
  await service.recover();
  await service.idle();
  assert.equal(database.instance(first.id).vmState, "stopped");
  assert.deepEqual(await database.actions.unfinished(), []);
});
