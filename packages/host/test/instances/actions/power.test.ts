import assert from "node:assert/strict";
import test from "node:test";
import { hasCode } from "../../support/has-code.ts";
import { createRequest, instanceWorld, secretOf, until } from "../../support/instance-world.ts";

test("an instance is stopped and started", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  await service.stop(ask(), id);
  assert.equal(database.instance(id).taskState, "powering-off");
  await service.idle();
  assert.equal(database.instance(id).vmState, "stopped");
  await service.start(ask(), id);
  await service.idle();
  assert.equal(database.instance(id).vmState, "active");
  assert.deepEqual(toolstack.calls, ["shutdown", "destroy", "create own debian"]);
});

test("each boot tells the version of the agent anew, and a silent agent holds nothing up", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const isVersion = (version: string) => () => database.instance(id).agentVersion === version;
  operations.agentVersion = "3.1.0";
  await service.reboot(ask(), id, "soft");
  await until(isVersion("3.1.0"));
  await service.idle();
  operations.agentVersion = "3.2.0";
  await service.stop(ask(), id);
  await service.idle();
  await service.start(ask(), id);
  await until(isVersion("3.2.0"));
  await service.idle();
  await service.rescue(ask(), id, { adminPass: secretOf("r3scue") });
  await service.idle();
  operations.agentVersion = "3.3.0";
  await service.unrescue(ask(), id);
  await until(isVersion("3.3.0"));
  await service.idle();
  operations.hold("version");
  await service.reboot(ask(), id, "hard");
  await service.idle();
  const { vmState, taskState, agentVersion, fault } = database.instance(id);
  assert.deepEqual([vmState, taskState, agentVersion, fault], ["active", null, "3.3.0", null]);
});

test("a guest that does not shut down is ended", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  toolstack.failures.set("shutdown", "not within 60 s");
  await service.stop(ask(), id);
  await service.idle();
  assert.equal(database.instance(id).vmState, "stopped");
  assert.equal(await toolstack.find(id), undefined);
});

test("a soft reboot asks the guest, a hard one makes a new domain", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  await service.reboot(ask(), id, "soft");
  await service.idle();
  await service.reboot(ask(), id, "hard");
  await service.idle();
  assert.equal(database.instance(id).vmState, "active");
  const created = "create own debian";
  assert.deepEqual(toolstack.calls, ["reboot soft", created, "destroy", created]);
});

test("a guest that cannot be rebooted softly stays as it is, with the reason", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  toolstack.failures.set("reboot", "the guest does not react");
  const requester = ask();
  await service.reboot(requester, id, "soft");
  await service.idle();
  const { vmState, taskState, fault } = database.instance(id);
  assert.deepEqual([vmState, taskState, fault?.message], ["active", null, "the guest does not react"]);
  assert.deepEqual(database.eventsOf(requester.requestId), ["reboot Error"]);
});

test("a hard reboot brings an instance out of error", async (context) => {
  const { service, database, operations, ask } = await instanceWorld(context);
  operations.refuse("version", "no");
  const { id } = await service.create(ask(), createRequest());
  await service.idle();
  assert.equal(database.instance(id).vmState, "error");
  await service.reboot(ask(), id, "hard");
  await service.idle();
  const { vmState, fault } = database.instance(id);
  assert.deepEqual([vmState, fault], ["active", null]);
  await assert.rejects(service.start(ask(), id), hasCode("WRONG_STATE", /vm_state active/));
});

test("a rescue boots the rescue image with a new password, and unrescue the own disk", async (context) => {
  const { service, database, toolstack, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const adminPass = secretOf("r3scue");
  await service.rescue(ask(), id, { adminPass });
  await service.idle();
  const rescued = database.instance(id);
  assert.deepEqual([rescued.vmState, rescued.rescueImageId], ["rescued", "rescue"]);
  assert.equal(toolstack.specOf(id).vmData["hostname"], "RESCUE-web-1");
  assert.deepEqual(operations.asked, ["version", "password r3scue", "resetNetwork"]);
  assert.deepEqual(operations.givenUp, [id]);
  assert.ok(adminPass.reveal().every((byte) => byte === 0));
  await service.unrescue(ask(), id);
  await service.idle();
  const { vmState, rescueImageId } = database.instance(id);
  assert.deepEqual([vmState, rescueImageId], ["active", null]);
  assert.equal(toolstack.specOf(id).vmData["hostname"], "web-1");
  const calls = ["shutdown", "create rescue rescue", "shutdown", "destroy", "create own debian"];
  assert.deepEqual(toolstack.calls, calls);
});

test("a guest that does not shut down is ended for its rescue", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  toolstack.failures.set("shutdown", "not within 60 s");
  await service.rescue(ask(), id, { adminPass: secretOf("r3scue") });
  await service.idle();
  assert.deepEqual([database.instance(id).vmState, database.instance(id).fault], ["rescued", null]);
  assert.deepEqual(toolstack.calls, ["shutdown", "destroy", "create rescue rescue"]);
});

test("a rescue system that does not take the password is rescued, with a fault that says so", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  operations.refuse("password", "no chpasswd");
  await service.rescue(ask(), id, { adminPass: secretOf("x") });
  await service.idle();
  const { vmState, fault } = database.instance(id);
  assert.deepEqual([vmState, fault?.message], ["rescued", "no chpasswd"]);
});

test("a rescue whose image is not there leaves the instance alone", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const adminPass = secretOf("x");
  await assert.rejects(service.rescue(ask(), id, { adminPass, imageId: "no" }), hasCode("BAD_ARGUMENT"));
  assert.deepEqual([database.instance(id).taskState, toolstack.calls], [null, []]);
  assert.deepEqual(adminPass.reveal(), new Uint8Array(1));
});

test("a rescue that cannot boot leaves the instance in error, from where a hard reboot helps", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  toolstack.failures.set("create", "no memory");
  await service.rescue(ask(), id, { adminPass: secretOf("x") });
  await service.idle();
  assert.equal(database.instance(id).vmState, "error");
  toolstack.failures.clear();
  await service.reboot(ask(), id, "hard");
  await service.idle();
  assert.equal(database.instance(id).vmState, "active");
});

test("an instance that cannot be removed is in error, and can be removed again", async (context) => {
  const { service, database, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  toolstack.failures.set("removeDisks", "busy");
  await service.remove(ask(), id);
  await service.idle();
  assert.deepEqual([database.instance(id).vmState, database.instance(id).fault?.message], ["error", "busy"]);
  toolstack.failures.clear();
  await service.remove(ask(), id);
  await service.idle();
  assert.equal(database.instance(id).vmState, "deleted");
});
