import assert from "node:assert/strict";
import test from "node:test";
import { type Operation, type OperationKind, Secret } from "../../src/index.ts";
import { OPERATION_RETRY_FIRST_MS } from "../../src/limits.ts";
import { attemptText } from "../../src/operations-runner/attempts.ts";
import { OperationRecord } from "../../src/operations-runner/operation-record.ts";
import { encodeTask } from "../../src/operations-runner/sealed-task.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import { hasCode } from "../support/has-code.ts";
import { createRunnerWorld, dateOf, requester, sealer } from "../support/runner-world.ts";
import { becomeQuiet, ID } from "../support/sending.ts";
import { GUEST_UUID, type World } from "../support/world.ts";

/** Of an operation that asks for more than one thing: the connector counts its own ids from `ID` on. */
const OTHER_ID = ID.replace(/1$/, "9");

/** An operation as an earlier process left it, with a minute to go. */
function left(world: World, kind: OperationKind, changes: Partial<Operation> = {}): Operation {
  const at = dateOf(world.clock)();
  return {
    id: ID,
    instanceId: GUEST_UUID,
    kind,
    requestId: requester.requestId,
    userId: requester.userId,
    projectId: requester.projectId,
    state: "sent",
    attempts: 1,
    createdAt: at,
    updatedAt: at,
    deadlineAt: new Date(at.getTime() + 60_000),
    timeline: [{ at, state: "queued", text: "Waits for its turn" }],
    returncode: null,
    message: null,
    error: null,
    ...changes,
  };
}

const sealedPassword = (): Uint8Array => {
  const bytes = encodeTask({ kind: "password", password: new Secret(Buffer.from("hunter2")) });
  return sealer.seal(bytes ?? new Uint8Array());
};

test("an answer that waits in XenStore is taken over, and the guest is not asked", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  await operations.insert(left(world, "password"), sealedPassword());
  await world.reply(ID, "set");
  await runner.recover();
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.message, found?.attempts], ["done", "set", 1]);
  assert.deepEqual([world.guest.requests, await world.nodes("data/guest")], [[], []]);
});

test("a password without a trace is set with a new pair, as attempt 2", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  await operations.insert(left(world, "password"), sealedPassword());
  await runner.recover();
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.attempts, agent.passwords], ["done", 2, ["hunter2\n"]]);
  assert.match(found?.timeline.at(-2)?.text ?? "", /attempt 2|taken/);
});

test("a password that cannot be opened any more is awaited, and ends in words", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const deadlineAt = dateOf(world.clock)();
  await operations.insert(left(world, "password", { deadlineAt }), Uint8Array.of(1, 2, 3));
  const recovering = runner.recover();
  while (world.clock.alarmCount === 0) await world.xenstore.exists("/");
  world.clock.advance(1);
  await recovering;
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.error?.code], ["failed", "OUTCOME_UNKNOWN"]);
  assert.match(found?.error?.message ?? "", /broke off.*not known/);
  assert.deepEqual(world.guest.requests, []);
});

test("what was never sent and has no time left is not sent any more", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const deadlineAt = dateOf(world.clock)();
  await operations.insert(left(world, "resetNetwork", { state: "queued", attempts: 0, deadlineAt }));
  await runner.recover();
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.attempts], ["timedOut", 0]);
  assert.match(found?.error?.message ?? "", /Before "resetNetwork" was sent/);
  assert.deepEqual(world.guest.requests, []);
});

test("a refusal that the ledger has ends the operation, and nothing is asked", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const changes = { state: "taken", returncode: "500", message: "Too short" } as const;
  await operations.insert(left(world, "password", changes), sealedPassword());
  await runner.recover();
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.error?.code], ["failed", "GUEST_REFUSED"]);
  assert.deepEqual(world.guest.requests, []);
});

test("the answer of an operation that had timed out before is noted as late", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  await operations.insert(left(world, "kmsactivate", { state: "timedOut" }));
  await world.reply(ID, "active");
  await runner.recover();
  const found = await operations.find(ID);
  assert.deepEqual([found?.state, found?.message], ["late", "active"]);
});

test("operations of one guest are recovered in their order", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const queued = { state: "queued", attempts: 0 } as const;
  await operations.insert(left(world, "features", queued));
  await operations.insert(left(world, "resetNetwork", { ...queued, id: ID.replace(/1$/, "2") }));
  await runner.recover();
  assert.deepEqual(
    world.guest.requests.map(({ name }) => name),
    ["features", "resetnetwork"],
  );
});

test("a connection that breaks while late answers are looked for keeps no operation from its end", async (context) => {
  const agent = new AgentAnswers();
  const options = { answer: agent.answer, reconnect: true };
  const { world, operations, runner } = await createRunnerWorld(context, options);
  await operations.insert(left(world, "features", { state: "queued", attempts: 0 }));
  world.failNextRequest();
  await runner.recover();
  const found = await operations.find(ID);
  assert.equal(found?.state, "done");
});

test("what is asked for while older operations are recovered is carried out once", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const recovering = runner.recover();
  await runner.run({ kind: "resetNetwork", instanceId: GUEST_UUID, requester });
  await recovering;
  const [operation] = await operations.list({});
  assert.deepEqual([operation?.state, operation?.attempts], ["done", 1]);
  assert.deepEqual(
    world.guest.requests.map(({ name }) => name),
    ["resetnetwork"],
  );
});

test("a password that an agent without the key has refused is set with a new pair", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  await operations.insert(left(world, "password", { id: OTHER_ID }), sealedPassword());
  const path = `/local/domain/5/data/guest/${OTHER_ID}`;
  const refusal = { returncode: "500", message: "Password without key exchange" };
  await world.xenstore.write(path, JSON.stringify(refusal));
  await runner.recover();
  const found = await operations.find(OTHER_ID);
  assert.deepEqual([found?.state, found?.attempts, agent.passwords], ["done", 2, ["hunter2\n"]]);
});

test("a refusal without a key that the ledger has is no end", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const refusal = { returncode: "500", message: "Password without key exchange" };
  await operations.insert(
    left(world, "password", { id: OTHER_ID, state: "taken", ...refusal }),
    sealedPassword(),
  );
  await runner.recover();
  const found = await operations.find(OTHER_ID);
  assert.deepEqual([found?.state, found?.returncode, agent.passwords], ["done", "0", ["hunter2\n"]]);
});

for (const task of ["keyinit", "password"] as const) {
  test(`a ${task} that is refused after a password that nobody answered leaves the outcome unknown`, async (context) => {
    const agent = new AgentAnswers();
    const { world, operations, runner } = await createRunnerWorld(context, {
      answer: (met) => (met.name === task ? { code: "500", message: "Not now" } : agent.answer(met)),
    });
    await operations.insert(left(world, "password", { id: OTHER_ID }), sealedPassword());
    await runner.recover();
    const found = await operations.find(OTHER_ID);
    assert.deepEqual([found?.state, found?.error?.code], ["failed", "OUTCOME_UNKNOWN"]);
    assert.match(found?.error?.message ?? "", /Not now.*not known/);
  });
}

test("a password that was sent once more after a refusal is not judged by that", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const refusal = { state: "taken", returncode: "500", message: "Not now" } as const;
  await operations.insert(left(world, "password", { id: OTHER_ID, ...refusal }), sealedPassword());
  const operation = await operations.find(OTHER_ID);
  assert.ok(operation);
  const now = dateOf(world.clock);
  const record = new OperationRecord({ operation, operations, now, isRecovered: true });
  await record.beforeSend({ id: OTHER_ID, command: "password", domid: 5 });
  await runner.recover();
  const found = await operations.find(OTHER_ID);
  assert.deepEqual([found?.state, found?.attempts, agent.passwords], ["done", 3, ["hunter2\n"]]);
});

test("what is given up for an instance reaches its guest no more, whether it was begun or not", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  await operations.insert(left(world, "password", { id: OTHER_ID }), sealedPassword());
  const waiting = { state: "queued", attempts: 0, id: ID.replace(/1$/, "8") } as const;
  await operations.insert(left(world, "resetNetwork", waiting));
  const recovering = runner.recover();
  while (world.guest.requests.length === 0) await becomeQuiet(world);
  await runner.giveUp(GUEST_UUID);
  await recovering;
  const found = await operations.list({ requestId: requester.requestId });
  const ends = found.map(({ id, state, error }) => [id, state, error?.code]);
  assert.deepEqual(ends, [
    [waiting.id, "failed", "CANCELLED"],
    [OTHER_ID, "failed", "CANCELLED"],
  ]);
  assert.deepEqual([await world.nodes("data/host"), await operations.sealedOf(OTHER_ID)], [[], undefined]);
  assert.deepEqual(
    world.guest.requests.map(({ name }) => name),
    ["keyinit"],
  );
});

test("what an earlier process withdrew may have been done, when its guest is not there any more", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const deadlineAt = dateOf(world.clock)();
  const instanceId = "00000000-0000-4000-8000-00000000ffff";
  const withdrawn = { state: "queued", attempts: 1, deadlineAt, instanceId } as const;
  await operations.insert(left(world, "resetNetwork", withdrawn));
  await operations.insert(left(world, "resetNetwork", { ...withdrawn, id: OTHER_ID, attempts: 0 }));
  await runner.recover();
  const ends = [await operations.find(ID), await operations.find(OTHER_ID)];
  assert.deepEqual(
    ends.map((operation) => operation?.error?.code),
    ["OUTCOME_UNKNOWN", "NO_SUCH_DOMAIN"],
  );
});

test("a refusal that comes late does not stand for an attempt that nobody answered", async (context) => {
  const { world, operations, runner } = await createRunnerWorld(context);
  const at = dateOf(world.clock)();
  const text = attemptText({ command: "resetnetwork", domid: 5, attempts: 2, wasUnanswered: true });
  const timeline = [{ at, state: "sent", text }] as const;
  const late = { state: "timedOut", error: { code: "GUEST_TIMEOUT", message: "Silent" } } as const;
  await operations.insert(left(world, "resetNetwork", { ...late, timeline }));
  await operations.insert(left(world, "resetNetwork", { ...late, id: OTHER_ID }));
  for (const id of [ID, OTHER_ID]) {
    const reply = JSON.stringify({ returncode: "1", message: "No link" });
    await world.xenstore.write(`/local/domain/5/data/guest/${id}`, reply);
  }
  await runner.collectLate();
  const ends = [await operations.find(ID), await operations.find(OTHER_ID)];
  assert.deepEqual(
    ends.map((operation) => [operation?.state, operation?.error?.code]),
    [
      ["late", "OUTCOME_UNKNOWN"],
      ["late", "GUEST_TIMEOUT"],
    ],
  );
});

test("a recovered password whose domain is away is not set after a newer one", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  await operations.insert(left(world, "password"), sealedPassword());
  const vm = "/local/domain/5/vm";
  const path = await world.xenstore.readText(vm);
  await world.xenstore.remove(vm);
  const recovering = runner.recover();
  while (world.clock.alarmCount === 0) await world.xenstore.exists("/");
  await world.xenstore.write(vm, path);
  const newer = new Secret(Buffer.from("newer"));
  const asked = runner.run({ kind: "password", password: newer, instanceId: GUEST_UUID, requester });
  while ((await operations.list({})).length < 2) await world.xenstore.exists("/");
  await becomeQuiet(world);
  assert.deepEqual(agent.passwords, []);
  world.clock.advance(OPERATION_RETRY_FIRST_MS);
  await Promise.all([recovering, asked]);
  assert.deepEqual(agent.passwords, ["hunter2\n", "newer\n"]);
});

test("what only reads a guest does not wait for what is recovered", async (context) => {
  const agent = new AgentAnswers();
  const { world, operations, runner } = await createRunnerWorld(context, { answer: agent.answer });
  const elsewhere = "00000000-0000-4000-8000-00000000ffff";
  await operations.insert(left(world, "password", { instanceId: elsewhere }), sealedPassword());
  const recovering = runner.recover();
  while (world.clock.alarmCount === 0) await world.xenstore.exists("/");
  const call = { instanceId: elsewhere, requester };
  await assert.rejects(runner.run({ kind: "version", ...call }), hasCode("NO_SUCH_DOMAIN"));
  const cancelled = new AbortController();
  const waiting = runner.run({ kind: "resetNetwork", ...call, signal: cancelled.signal });
  cancelled.abort();
  await assert.rejects(waiting, hasCode("CANCELLED", /before anything was sent/));
  await runner.close();
  await recovering;
});
