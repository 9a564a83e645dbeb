import assert from "node:assert/strict";
import test from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { HostError } from "../../../src/index.ts";
import { hasCode } from "../../support/has-code.ts";
import {
  createRequest,
  instanceWorld,
  privateNetwork,
  publicNetwork,
  quiet,
  secretOf,
  until,
} from "../../support/instance-world.ts";

const files = [{ path: "/etc/motd", content: encodeUtf8("hello") }];

test("an instance is building at once, and active when its guest has everything", async (context) => {
  const { service, database, operations, ask } = await instanceWorld(context);
  const requester = ask();
  const adminPass = secretOf("s3cret");
  const begun = await service.create(requester, createRequest({ files, keyName: "laptop", adminPass }));
  assert.deepEqual([begun.vmState, begun.taskState, begun.progress], ["building", "spawning", 0]);
  await service.idle();
  const { vmState, taskState, progress, agentVersion, fault } = database.instance(begun.id);
  assert.deepEqual([vmState, taskState, progress, agentVersion, fault], ["active", null, 100, "3.0.0", null]);
  assert.deepEqual(operations.asked, [
    "version",
    "injectFile /root/.ssh/authorized_keys \n# The following ssh key was injected by Nova\nssh-ed25519 AAAA alice\n",
    "injectFile /etc/motd hello",
    "password s3cret",
    "resetNetwork",
  ]);
  assert.deepEqual(database.eventsOf(requester.requestId), [
    "ports Success",
    "domain Success",
    "xe_daemon Success",
    "version Success",
    "files Success",
    "password Success",
    "reset_network Success",
  ]);
});

test("what the guest needs is in vm-data before it boots", async (context) => {
  const { service, toolstack, database, ask } = await instanceWorld(context);
  const { id } = await service.create(ask(), createRequest({ metadata: { "a b": "ü" } }));
  await service.idle();
  const { vmData, vifs, memoryMib, boot } = toolstack.specOf(id);
  assert.deepEqual([memoryMib, boot], [512, "own"]);
  assert.equal(vmData["hostname"], "web-1");
  assert.equal(vmData["provider_data/provider"], "Example");
  assert.equal(vmData["user-metadata/a_b"], '"ü"');
  const [first, second] = await database.instances.ports(id);
  assert.deepEqual(
    vifs.map(({ index, mac, bridge }) => [index, mac, bridge]),
    [
      [0, first?.mac, "xenbr0"],
      [1, second?.mac, "xenbr1"],
    ],
  );
  assert.match(first?.mac ?? "", /^00:16:3e(:[0-9a-f]{2}){3}$/);
  assert.notEqual(first?.mac, second?.mac);
  const key = `networking/${first?.mac.replaceAll(":", "")}`;
  assert.equal(JSON.parse(vmData[key] ?? "").ips[0].ip, "203.0.113.2");
});

for (const step of ["password", "resetNetwork"] as const) {
  test(`a guest that reboots without vm-data at "${step}" of its build gets it, and its network`, async (context) => {
    const { service, database, operations, toolstack, vmData, ask } = await instanceWorld(context);
    const answer = operations.hold(step);
    const { id } = await service.create(ask(), createRequest());
    await until(() => operations.asked.some((asked) => asked.startsWith(step)));
    await toolstack.rebootByItself(id);
    answer();
    await service.idle();
    assert.equal(database.instance(id).vmState, "active");
    assert.equal(await vmData(id, "hostname"), "web-1");
    const resets = operations.asked.filter((asked) => asked === "resetNetwork");
    assert.equal(resets.length, step === "resetNetwork" ? 2 : 1);
  });
}

test("progress tells which step the build is at, and xe-daemon's report ends its step", async (context) => {
  const { service, database, operations, toolstack, xenstore, ask } = await instanceWorld(context);
  const answer = operations.hold("version");
  const { id } = await service.create(ask(), createRequest());
  await until(() => database.instance(id).progress === 30);
  await until(() => operations.asked.length > 0);
  const domain = await toolstack.find(id);
  await xenstore.write(`/local/domain/${domain?.domid}/data/updated`, "1");
  await until(() => database.instance(id).progress === 40);
  answer();
  await service.idle();
  assert.equal(database.instance(id).progress, 100);
});

test("each answer of the guest brings a build on by its part", async (context) => {
  const { service, database, operations, ask } = await instanceWorld(context);
  const steps = ["version", "injectFile", "password", "resetNetwork"] as const;
  const answers = steps.map((step) => operations.hold(step));
  const { id } = await service.create(ask(), createRequest({ files }));
  const seen: number[] = [];
  for (const [index, answer] of answers.entries()) {
    await until(() => operations.asked.length > index);
    await quiet();
    seen.push(database.instance(id).progress);
    answer();
  }
  await service.idle();
  assert.deepEqual([...seen, database.instance(id).progress], [30, 55, 70, 85, 100]);
});

test("ten are built at once, the others in their order, and one that waits can be deleted", async (context) => {
  const { service, database, operations, toolstack, ask } = await instanceWorld(context);
  const answer = operations.hold("version");
  const ids: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const one = await service.create(ask(), createRequest({ cards: [{ networkId: privateNetwork.id }] }));
    ids.push(one.id);
  }
  await until(() => toolstack.calls.length === 10);
  await quiet();
  const [ninth = "", , , last = ""] = ids.slice(8);
  assert.deepEqual([database.instance(ninth).progress, database.instance(last).progress], [30, 0]);
  await service.remove(ask(), last);
  await until(() => database.instance(last).vmState === "deleted");
  answer();
  await service.idle();
  const states = ids.map((id) => database.instance(id).vmState);
  assert.deepEqual(states, [...Array.from({ length: 11 }, () => "active"), "deleted"]);
});

test("a guest without an agent goes into error, and the fault says what was waited for", async (context) => {
  const { service, database, operations, clock, ask } = await instanceWorld(context);
  operations.answers.set("version", async () => {
    clock.advance(300_000);
    throw new HostError("GUEST_TIMEOUT", "No agent answered");
  });
  const requester = ask();
  const adminPass = secretOf("s3cret");
  const { id } = await service.create(requester, createRequest({ adminPass }));
  await service.idle();
  const { vmState, taskState, fault } = database.instance(id);
  assert.deepEqual([vmState, taskState, fault?.code], ["error", null, 500]);
  assert.match(fault?.message ?? "", /step xe_daemon after 300 s: No agent answered.*nova-agent doctor/);
  assert.deepEqual(database.eventsOf(requester.requestId).at(-1), "xe_daemon Error");
  const action = await database.actions.find(id, requester.requestId);
  assert.equal(action?.message, fault?.message);
  assert.ok(adminPass.reveal().every((byte) => byte === 0));
});

test("the password and the files of a build that fails are written nowhere", async (context) => {
  const { service, database, operations, ask, lines } = await instanceWorld(context);
  operations.refuse("password", "The policy says no");
  const secret = [{ path: "/root/token", content: encodeUtf8("t0ken") }];
  const request = createRequest({ files: secret, adminPass: secretOf("s3cret") });
  const { id } = await service.create(ask(), request);
  await service.idle();
  const actions = await database.actions.list(id);
  const written = JSON.stringify([database.instance(id), database.auditRows, actions, lines]);
  assert.match(written, /The policy says no/);
  assert.doesNotMatch(written, /s3cret|t0ken/);
});

test("an image without an agent is active without waiting", async (context) => {
  const { service, database, operations, ask } = await instanceWorld(context);
  const { id } = await service.create(ask(), createRequest({ imageId: "bare" }));
  await service.idle();
  assert.equal(database.instance(id).vmState, "active");
  assert.deepEqual(operations.asked, []);
});

test("a toolstack that fails puts its words into the fault", async (context) => {
  const { service, database, toolstack, ask } = await instanceWorld(context);
  toolstack.failures.set("create", "no memory left");
  const { id } = await service.create(ask(), createRequest());
  await service.idle();
  assert.match(
    database.instance(id).fault?.message ?? "",
    /^Build failed at step domain after 0 s: no memory left$/,
  );
});

test("a network that is full is an error of the build", async (context) => {
  const { service, database, ask, built } = await instanceWorld(context);
  const cards = [{ networkId: publicNetwork.id }];
  for (let count = 0; count < 5; count += 1) await built({ cards });
  const { id } = await service.create(ask(), createRequest({ cards }));
  await service.idle();
  assert.match(database.instance(id).fault?.message ?? "", /Network public has no address left/);
});

test("what is not there is refused before anything is written", async (context) => {
  const { service, database, ask } = await instanceWorld(context);
  for (const wrong of [
    { imageId: "no" },
    { flavorId: "no" },
    { cards: [{ networkId: "no" }] },
    { keyName: "no" },
  ]) {
    await assert.rejects(service.create(ask(), createRequest(wrong)), hasCode("BAD_ARGUMENT"));
  }
  assert.deepEqual(await database.instances.list({}), []);
});

test("an instance is removed while it is being built", async (context) => {
  const { service, database, operations, toolstack, ask } = await instanceWorld(context);
  operations.hold("version");
  const { id } = await service.create(ask(), createRequest());
  await until(() => operations.asked.includes("version"));
  await service.remove(ask(), id);
  await service.idle();
  assert.equal(database.instance(id).vmState, "deleted");
  assert.deepEqual(toolstack.calls.slice(-2), ["destroy", "removeDisks"]);
  assert.deepEqual(await database.instances.ports(id), []);
  await assert.rejects(service.find(ask(), id), hasCode("NO_SUCH_INSTANCE"));
});
