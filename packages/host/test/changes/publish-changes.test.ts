import assert from "node:assert/strict";
import test from "node:test";
import { type Change, ChangeFeed } from "../../src/changes/change-feed.ts";
import { publishChanges } from "../../src/changes/publish-changes.ts";
import type { Port } from "../../src/instances/instance.ts";
import type { Operation } from "../../src/ledger/operation.ts";
import type { Requester } from "../../src/ports/requester.ts";
import { memoryDatabase, MemoryOperations, sampleInstance } from "../../src/testing/index.ts";

const now = (): Date => new Date("2026-01-01T00:00:00Z");
const admin: Requester = { userId: "u", projectId: "p-admin", roles: ["admin"], requestId: "req-1" };
const network = { networkId: "n", mac: "00:16:3e:00:00:01", fixedIps: [] };
const port: Port = { ...network, id: "port", instanceId: "vm", index: 0 };
const operation: Operation = {
  id: "op",
  instanceId: "vm",
  kind: "version",
  requestId: "req-1",
  userId: "u",
  projectId: "p-admin",
  state: "queued",
  attempts: 0,
  createdAt: now(),
  updatedAt: now(),
  deadlineAt: now(),
  timeline: [],
  returncode: null,
  message: null,
  error: null,
};

/** A database with the instance `vm` of the project `p-vm`, and what was published of it since. */
function watched() {
  const plain = { ...memoryDatabase(now), operations: new MemoryOperations(now) };
  plain.put(sampleInstance({ id: "vm", projectId: "p-vm" }));
  const published: Change[] = [];
  const feed = { publish: (change: Change) => void published.push(change) };
  const database = publishChanges(plain, feed);
  const take = (): readonly string[] =>
    published
      .splice(0)
      .map(({ kind, instanceId, projectId, id }) => `${kind} ${instanceId} ${projectId} ${id}`);
  return { plain, database, take };
}

const ofInstance = ["instance vm p-vm vm"];
const ofOperation = ["operation vm p-vm op"];
const ofAction = ["action vm p-vm req-1"];

test("every change of an instance and its cards is published once, as its own project's", async () => {
  const { database, take } = watched();
  const { instances } = database;
  assert.equal(await instances.update("vm", { name: "new" }), true);
  assert.deepEqual(take(), ofInstance);
  await instances.changeMetadata("vm", () => ({ key: "value" }));
  assert.deepEqual(take(), ofInstance);
  await instances.insertPort(port);
  assert.deepEqual(take(), ofInstance);
  await instances.setFixedIps("port", [{ address: "192.0.2.5", prefixLength: 24 }]);
  assert.deepEqual(take(), ofInstance);
  await instances.removePort("port");
  assert.deepEqual(take(), ofInstance);
  await instances.insertFreePort({ ...network, id: "free", projectId: "p-vm", name: "" });
  assert.deepEqual(take(), []);
  assert.equal(await instances.bindPort("free", { instanceId: "vm", index: 1 }), true);
  assert.deepEqual(take(), ofInstance);
  await instances.releasePort("free");
  assert.deepEqual(take(), ofInstance);
  await instances.insert(sampleInstance({ id: "other", projectId: "p-other" }));
  assert.deepEqual(take(), ["instance other p-other other"]);
});

test("what was not written is not published", async () => {
  const { database, take } = watched();
  const { instances } = database;
  assert.equal(await instances.update("vm", { name: "new" }, { taskState: "deleting" }), false);
  assert.equal(await instances.update("nobody", { name: "new" }), false);
  assert.equal(await instances.changeMetadata("nobody", (former) => former), undefined);
  assert.equal(await instances.bindPort("nothing", { instanceId: "vm", index: 1 }), false);
  const refuse = instances.changeMetadata("vm", () => {
    throw new RangeError("no");
  });
  await assert.rejects(refuse, RangeError);
  await assert.rejects(instances.insertPort({ ...port, instanceId: "nobody" }));
  assert.deepEqual(take(), []);
});

test("every line of the ledger is published, whoever asked, also of operations of before", async () => {
  const { database, plain, take } = watched();
  await database.operations.insert(operation);
  assert.deepEqual(take(), ofOperation);
  await database.operations.note("op", { state: "done", text: "Done" });
  assert.deepEqual(take(), ofOperation);
  await plain.operations.insert({ ...operation, id: "old" });
  await database.operations.note("old", { state: "sent", text: "Sent" });
  assert.deepEqual(take(), ["operation vm p-vm old"]);
});

test("every step of an action is published, also of actions of before", async () => {
  const { database, plain, take } = watched();
  const { actions } = database;
  await actions.begin(admin, { instanceId: "vm", action: "reboot" });
  assert.deepEqual(take(), ofAction);
  await actions.beginEvent("req-1", "power");
  assert.deepEqual(take(), ofAction);
  await actions.endEvent("req-1", { event: "power", isSuccess: true });
  assert.deepEqual(take(), ofAction);
  await actions.end("req-1", null);
  assert.deepEqual(take(), ofAction);
  await plain.actions.begin({ ...admin, requestId: "req-old" }, { instanceId: "vm", action: "stop" });
  await actions.end("req-old", "Interrupted");
  assert.deepEqual(take(), ["action vm p-vm req-old"]);
});

test("what is read is what the database has, and is not published", async () => {
  const { database, take } = watched();
  await database.instances.insertPort(port);
  await database.operations.insert(operation, new Uint8Array([7]));
  await database.actions.begin(admin, { instanceId: "vm", action: "reboot" });
  take();
  const { instances, operations, actions } = database;
  assert.equal((await instances.find("vm"))?.projectId, "p-vm");
  assert.equal((await instances.list({ projectId: "p-vm" })).length, 1);
  assert.equal((await instances.ports("vm")).length, 1);
  assert.equal((await instances.portsOf(["vm"])).get("vm")?.length, 1);
  assert.equal((await instances.findPort("port"))?.id, "port");
  assert.deepEqual(await instances.freePorts("p-vm"), []);
  assert.equal(await instances.findFreePort("port"), undefined);
  assert.equal(await instances.removeFreePort("port"), false);
  assert.deepEqual(await instances.usedAddresses("n"), []);
  assert.equal((await operations.find("op"))?.id, "op");
  assert.equal((await operations.list({ instanceId: "vm" })).length, 1);
  assert.deepEqual(await operations.sealedOf("op"), new Uint8Array([7]));
  assert.equal(await operations.removeFinishedBefore(now()), 0);
  assert.equal((await actions.list("vm")).length, 1);
  assert.equal((await actions.find("vm", "req-1"))?.action, "reboot");
  assert.equal((await actions.unfinished()).length, 1);
  assert.deepEqual(take(), []);
});

test("a look-up that fails, fails before anything is written", async () => {
  const { plain } = watched();
  const ledger = Object.assign(new MemoryOperations(now), { find: () => Promise.reject(new Error("lost")) });
  await ledger.insert(operation);
  const { operations } = publishChanges({ ...plain, operations: ledger }, new ChangeFeed({ epoch: "e" }));
  await assert.rejects(operations.note("op", { state: "done", text: "Done" }), /lost/);
  const [kept] = await ledger.list({});
  assert.equal(kept?.state, "queued");
});
