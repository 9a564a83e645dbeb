import assert from "node:assert/strict";
import test from "node:test";
import { guestOperations, type Operation, Secret } from "../../src/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import { hasCode } from "../support/has-code.ts";
import type { MemoryOperations } from "../../src/testing/index.ts";
import { createRunner, createRunnerWorld, request, requester } from "../support/runner-world.ts";
import { becomeQuiet, move } from "../support/sending.ts";
import { GUEST_UUID, type World } from "../support/world.ts";

const license = { kind: "kmsactivate", value: { activation_key: "hunter2" } } as const;

async function only(operations: MemoryOperations): Promise<Operation> {
  const [operation, ...others] = await operations.list({});
  assert.deepEqual(others, []);
  assert.ok(operation);
  return operation;
}

const states = ({ timeline }: Operation): readonly string[] => timeline.map(({ state }) => state);

/** Waits until the guest has met so many requests and the connector is at rest. */
async function met(world: World, count: number): Promise<void> {
  while (world.guest.requests.length < count) await world.xenstore.exists("/");
  await becomeQuiet(world);
}

test("the request in XenStore bears the operation's id, and the timeline has each step", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const outcome = await runner.run(request({ kind: "version" }));
  const operation = await only(operations);
  assert.deepEqual([outcome.message, outcome.isDone, outcome.operationId], ["2.1.25", true, operation.id]);
  assert.deepEqual(
    world.guest.requests.map(({ id }) => id),
    [operation.id],
  );
  assert.deepEqual(
    states(operation).filter((state) => state !== "taken"),
    ["queued", "sent", "done"],
  );
  const { state, attempts, returncode, message, userId, requestId } = operation;
  assert.deepEqual([state, attempts, returncode, message], ["done", 1, "0", "2.1.25"]);
  assert.deepEqual([userId, requestId], [requester.userId, requester.requestId]);
  assert.deepEqual(await world.nodes("data/guest"), []);
  world.assertQuiet();
});

test("a password is set under the operation's id, its keyinit under another one in the timeline", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const password = new Secret(Buffer.from("hunter2"));
  await runner.run(request({ kind: "password", password }));
  assert.deepEqual(agent.passwords, ["hunter2\n"]);
  assert.ok(password.reveal().every((byte) => byte === 0));
  const operation = await only(operations);
  const [keyinit, main] = world.guest.requests;
  assert.equal(main?.id, operation.id);
  assert.match(
    operation.timeline[1]?.text ?? "",
    new RegExp(`"keyinit" to domain 5 as request ${keyinit?.id}`),
  );
  assert.equal(await operations.sealedOf(operation.id), undefined);
  assert.doesNotMatch(JSON.stringify(operation), /hunter2/);
});

test("a secret waits sealed, and is gone when the operation is finished", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const running = runner.run(request({ kind: "password", password: new Secret(Buffer.from("hunter2")) }));
  await met(world, 1);
  const { id } = await only(operations);
  const sealed = await operations.sealedOf(id);
  assert.ok(sealed && sealed.length > 0 && !Buffer.from(sealed).includes("hunter2"));
  world.clock.advance(30_000);
  await assert.rejects(running, hasCode("GUEST_TIMEOUT"));
  assert.equal(await operations.sealedOf(id), undefined);
});

test("a file and a license arrive, and the calls of GuestOperations give what they promise", async (context) => {
  const agent = new AgentAnswers("features,file_inject");
  const { runner } = await createRunnerWorld(context, {
    answer: (met) => (met.name === "kmsactivate" ? { code: "0", message: "active" } : agent.answer(met)),
  });
  const calls = guestOperations(runner);
  const call = { instanceId: GUEST_UUID, requester };
  const file = { path: "/etc/motd", content: Buffer.from("Hi\n, \0all") };
  await calls.injectFile(call, file);
  assert.deepEqual(agent.files, [file]);
  assert.equal((await runner.run(request(license))).message, "active");
  assert.deepEqual(await calls.features(call), ["features", "file_inject"]);
  assert.equal(await calls.version(call), "2.1.25");
  assert.equal(await calls.resetNetwork(call), "");
  const reply = await calls.send(call, { name: "dance", value: 1 });
  assert.deepEqual(reply, {
    returncode: "404",
    isIntegerCode: false,
    message: "No such agent command 'dance'",
  });
});

test("the findings of the guest's doctor come as such, and the ledger has the reply", async (context) => {
  const told = { version: "3.0.0", ok: 0, left_out: 0, findings: [["problem", "disk", "Full", "df"]] };
  const { world, operations, runner } = await createRunnerWorld(context, {
    answer: () => ({ code: "0", message: JSON.stringify(told) }),
  });
  const findings = await guestOperations(runner).doctor({ instanceId: GUEST_UUID, requester });
  assert.deepEqual(findings, [{ severity: "problem", check: "disk", what: "Full", fix: "df" }]);
  assert.deepEqual(
    world.guest.requests.map(({ name, value }) => [name, value]),
    [["doctor", ""]],
  );
  const { kind, state, message } = await only(operations);
  assert.deepEqual([kind, state, message], ["doctor", "done", JSON.stringify(told)]);
});

for (const [who, answer] of [
  ["refuses what it does not know", { code: "404", message: "No such agent command 'doctor'" }],
  ["is silent of what it does not know", { code: "0", message: "" }],
] as const) {
  test(`an agent that ${who} has no doctor to ask`, async (context) => {
    const { runner } = await createRunnerWorld(context, { answer: () => answer });
    const asking = guestOperations(runner).doctor({ instanceId: GUEST_UUID, requester });
    await assert.rejects(asking, hasCode("GUEST_UNSUPPORTED", /has no doctor/));
  });
}

test("a doctor that refuses has refused, and one that talks of something else has answered badly", async (context) => {
  const call = { instanceId: GUEST_UUID, requester };
  const refusing = await createRunnerWorld(context, { answer: () => ({ code: "500", message: "No" }) });
  await assert.rejects(guestOperations(refusing.runner).doctor(call), hasCode("GUEST_REFUSED", /No/));
  const odd = await createRunnerWorld(context, { answer: () => ({ code: "0", message: "Fine" }) });
  await assert.rejects(guestOperations(odd.runner).doctor(call), hasCode("GUEST_BAD_REPLY"));
});

test("a refusal ends the operation with the guest's words, and is not tried again", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context, {
    answer: () => ({ code: "1", message: "No link" }),
  });
  await assert.rejects(runner.run(request({ kind: "resetNetwork" })), hasCode("GUEST_REFUSED", /No link/));
  const { state, error, returncode, attempts } = await only(operations);
  assert.deepEqual([state, error?.code, returncode, attempts], ["failed", "GUEST_REFUSED", "1", 1]);
  assert.equal(world.guest.requests.length, 1);
});

test("a refused password is failed, with its code", async (context) => {
  const agent = new AgentAnswers();
  const { operations, runner } = await createRunnerWorld(context, {
    answer: (met) => (met.name === "password" ? { code: "500", message: "Too short" } : agent.answer(met)),
  });
  const password = new Secret(Buffer.from("x"));
  await assert.rejects(
    runner.run(request({ kind: "password", password })),
    hasCode("GUEST_REFUSED", /Too short/),
  );
  const { state, error, returncode } = await only(operations);
  assert.deepEqual([state, error?.code, returncode], ["failed", "GUEST_REFUSED", "500"]);
});

test("an instance without a domain fails in words, and in the ledger", async (context) => {
  const { operations, runner } = await createRunnerWorld(context);
  const run = runner.run({
    ...request({ kind: "features" }),
    instanceId: "00000000-0000-4000-8000-00000000ffff",
  });
  await assert.rejects(run, hasCode("NO_SUCH_DOMAIN"));
  assert.equal((await only(operations)).error?.code, "NO_SUCH_DOMAIN");
});

test("an answer that comes after the time is over makes the operation late, and goes", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context, { answer: () => "take" });
  const running = runner.run(request(license));
  await met(world, 1);
  world.clock.advance(30_000);
  await assert.rejects(running, hasCode("GUEST_TIMEOUT"));
  const { id, state } = await only(operations);
  assert.equal(state, "timedOut");
  await world.reply(id, "at last");
  await runner.collectLate();
  const late = await only(operations);
  assert.deepEqual([late.state, late.message, late.returncode], ["late", "at last", "0"]);
  assert.deepEqual(await world.nodes("data/guest"), []);
});

test("a late answer is found by the next operation for the guest", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, {
    answer: (met) => (met.name === "kmsactivate" ? "take" : agent.answer(met)),
  });
  const running = runner.run(request(license));
  await met(world, 1);
  world.clock.advance(30_000);
  await assert.rejects(running, hasCode("GUEST_TIMEOUT"));
  const { id } = await only(operations);
  await world.reply(id, "at last");
  await runner.run(request({ kind: "features" }));
  assert.equal((await operations.find(id))?.state, "late");
});

test("what a guest writes under another guest's operation, or any name, is left alone", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context, { answer: () => "take" });
  const running = runner.run(request(license));
  await met(world, 1);
  world.clock.advance(30_000);
  await assert.rejects(running, hasCode("GUEST_TIMEOUT"));
  const { id } = await only(operations);
  await world.addDomain({ domid: 6, uuid: "ec2f3f0c-0000-4000-8000-000000000006" });
  await world.reply(id, "forged", 6);
  await world.reply("no-uuid", "what", 5);
  await runner.collectLate();
  assert.equal((await operations.find(id))?.state, "timedOut");
  assert.deepEqual(
    [await world.nodes("data/guest", 6), await world.nodes("data/guest")],
    [[id], ["no-uuid"]],
  );
});

test("a connection that breaks costs an attempt at most, and the guest is asked once", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, {
    answer: agent.answer,
    reconnect: true,
  });
  world.failNextRequest();
  const running = runner.run(request({ kind: "features" }));
  while (world.clock.alarmCount === 0) await new Promise(setImmediate);
  world.clock.advance(250);
  assert.equal((await running).isDone, true);
  const { state, attempts } = await only(operations);
  assert.equal(state, "done");
  assert.ok(world.guest.requests.length <= attempts);
});

test("a guest that moves is asked again with its attempts counted", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context, { answer: () => "take" });
  const running = runner.run(request({ kind: "features" }));
  await met(world, 1);
  await move(world);
  await world.addGuest(8, () => ({ code: "0", message: "features" }));
  assert.equal((await running).message, "features");
  assert.equal((await only(operations)).attempts, 2);
});

test("closing withdraws what the guest has not taken, and the next start carries it out", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const running = runner.run(request({ kind: "resetNetwork" }));
  await met(world, 1);
  await Promise.all([runner.close(), assert.rejects(running, hasCode("CANCELLED"))]);
  assert.equal((await only(operations)).state, "queued");
  assert.deepEqual(await world.nodes("data/host"), []);
  await assert.rejects(runner.run(request({ kind: "features" })), hasCode("CANCELLED"));
  const next = createRunner({ connector: world.connector, operations, clock: world.clock });
  const recovering = next.recover();
  while ((await only(operations)).state === "queued") await becomeQuiet(world);
  const { id } = await only(operations);
  await world.reply(id, "");
  await recovering;
  assert.equal((await only(operations)).state, "done");
});

test("what may not be asked twice is awaited by the next start, and not asked again", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const running = runner.run(request(license));
  await met(world, 1);
  // An agent that removes the request with its answer may have begun, although the request is there.
  await Promise.all([runner.close(), assert.rejects(running, hasCode("CANCELLED"))]);
  assert.equal((await only(operations)).state, "sent");
  const next = createRunner({ connector: world.connector, operations, clock: world.clock });
  const recovering = next.recover();
  await becomeQuiet(world);
  const { id } = await only(operations);
  await world.reply(id, "active");
  await recovering;
  const { state, attempts } = await only(operations);
  assert.deepEqual([state, attempts, world.guest.requests.length], ["done", 1, 1]);
});

test("a caller that gives up fails the operation as cancelled", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const controller = new AbortController();
  const running = runner.run({ ...request(license), signal: controller.signal });
  await met(world, 1);
  controller.abort();
  await assert.rejects(running, hasCode("CANCELLED"));
  const { state, error } = await only(operations);
  assert.deepEqual([state, error?.code], ["failed", "CANCELLED"]);
});

test("operations for one guest run one after the other", async (context) => {
  const { world, runner } = await createRunnerWorld(context);
  const first = runner.run(request({ kind: "features" }));
  await met(world, 1);
  const second = runner.run(request({ kind: "resetNetwork" }));
  await becomeQuiet(world);
  assert.deepEqual(
    world.guest.requests.map(({ name }) => name),
    ["features"],
  );
  await world.reply(world.guest.requests[0]?.id ?? "", "features");
  await first;
  await met(world, 2);
  await world.reply(world.guest.requests[1]?.id ?? "", "");
  await second;
});
