import assert from "node:assert/strict";
import test from "node:test";
import { hasCode } from "../../support/has-code.ts";
import { instanceWorld } from "../../support/instance-world.ts";

test("metadata is mirrored to vm-data as it changes", async (context) => {
  const { service, database, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built({ metadata: { kept: "1", gone: "2" } });
  const all = await service.setMetadata(ask(), id, { metadata: { "new key": "3" }, isWhole: false });
  assert.deepEqual(all, { kept: "1", gone: "2", "new key": "3" });
  assert.equal(await vmData(id, "user-metadata/new_key"), '"3"');
  await service.removeMetadata(ask(), id, "gone");
  assert.equal(await vmData(id, "user-metadata/gone"), undefined);
  await service.setMetadata(ask(), id, { metadata: { only: "4" }, isWhole: true });
  assert.deepEqual(database.instance(id).metadata, { only: "4" });
  assert.equal(await vmData(id, "user-metadata/kept"), undefined);
  assert.equal(await vmData(id, "user-metadata/only"), '"4"');
  await assert.rejects(service.removeMetadata(ask(), id, "gone"), hasCode("BAD_ARGUMENT"));
});

test("changes of the metadata at the same time all reach the guest", async (context) => {
  const { service, database, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built({ metadata: { gone: "1" } });
  const set = (metadata: Record<string, string>) =>
    service.setMetadata(ask(), id, { metadata, isWhole: false });
  await Promise.all([
    set({ a: "first" }),
    set({ b: "2" }),
    service.removeMetadata(ask(), id, "gone"),
    set({ a: "last" }),
  ]);
  assert.deepEqual(database.instance(id).metadata, { a: "last", b: "2" });
  const read = (key: string) => vmData(id, `user-metadata/${key}`);
  assert.deepEqual(await Promise.all([read("a"), read("b"), read("gone")]), ['"last"', '"2"', undefined]);
});

test("metadata of an instance that does not run is for its next start", async (context) => {
  const { service, toolstack, built, ask } = await instanceWorld(context);
  const { id } = await built();
  await service.stop(ask(), id);
  await service.idle();
  await service.setMetadata(ask(), id, { metadata: { a: "1" }, isWhole: false });
  await service.start(ask(), id);
  await service.idle();
  assert.equal(toolstack.specOf(id).vmData["user-metadata/a"], '"1"');
});

test("network info is written anew and nothing else is left there", async (context) => {
  const { service, operations, toolstack, xenstore, built, ask, vmData } = await instanceWorld(context);
  const { id } = await built();
  const domid = (await toolstack.find(id))?.domid;
  await xenstore.write(`/local/domain/${domid}/vm-data/networking/00163E999999`, "{}");
  await service.injectNetworkInfo(ask(), id);
  assert.equal(await vmData(id, "networking/00163E999999"), undefined);
  assert.equal((await xenstore.list(`/local/domain/${domid}/vm-data/networking`)).length, 2);
  assert.deepEqual(operations.asked, []);
  await service.resetNetwork(ask(), id);
  assert.deepEqual(operations.asked, ["resetNetwork"]);
});

const request = { activationKey: "k3y", profile: "web-1", domains: ["satellite.example.net"], org: "acme" };

test("a guest that offers it is registered with Red Hat", async (context) => {
  const { service, database, operations, built, ask, lines } = await instanceWorld(context);
  const { id } = await built();
  operations.featureList = ["version", "kmsactivate"];
  await service.registerRedHat(ask(), id, request);
  const value = { activation_key: "k3y", profile: "web-1", domains: ["satellite.example.net"], org: "acme" };
  assert.deepEqual(operations.asked, ["features", `kmsactivate ${JSON.stringify(value)}`]);
  const written = JSON.stringify([database.auditRows, lines, await database.actions.list(id)]);
  assert.doesNotMatch(written, /k3y/);
  operations.refuse("kmsactivate", "no such org");
  await assert.rejects(service.registerRedHat(ask(), id, request), hasCode("GUEST_REFUSED", /no such org/));
});

test("a registration that is not offered is refused in words, and nothing is sent", async (context) => {
  const { service, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const registration = service.registerRedHat(ask(), id, request);
  await assert.rejects(registration, hasCode("GUEST_UNSUPPORTED", /not offered by the agent of instance/));
  assert.deepEqual(operations.asked, ["features"]);
  const activation = service.activateWindows(ask(), id, request);
  await assert.rejects(activation, hasCode("GUEST_UNSUPPORTED", /image debian is of linux/));
});

test("networks that XenStore does not take fail in words", async (context) => {
  const { service, xenstore, built, ask } = await instanceWorld(context);
  const { id } = await built();
  await xenstore.close();
  await assert.rejects(service.injectNetworkInfo(ask(), id), hasCode("XENSTORE_FAILED"));
});
