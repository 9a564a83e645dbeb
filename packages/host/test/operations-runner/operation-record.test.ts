import assert from "node:assert/strict";
import test from "node:test";
import { HostError, type Operation, type OperationKind } from "../../src/index.ts";
import { OperationRecord } from "../../src/operations-runner/operation-record.ts";
import { MemoryOperations } from "../../src/testing/index.ts";
import { ID } from "../support/sending.ts";

const now = (): Date => new Date(0);

/** A record of a new operation, and one of what the ledger has of it, as after a crash. */
async function begin(kind: OperationKind): Promise<{
  readonly record: OperationRecord;
  readonly found: () => Promise<Operation>;
  readonly recovered: () => Promise<OperationRecord>;
}> {
  const operations = new MemoryOperations(now);
  const times = { createdAt: now(), updatedAt: now(), deadlineAt: now() };
  const who = { instanceId: "i", requestId: "r", userId: "u", projectId: "p" };
  const answer = { returncode: null, message: null, error: null };
  const queued = { id: ID, kind, state: "queued", attempts: 0, timeline: [] } as const;
  await operations.insert({ ...queued, ...who, ...times, ...answer });
  const found = async (): Promise<Operation> => {
    const operation = await operations.find(ID);
    assert.ok(operation);
    return operation;
  };
  const open = async (isRecovered: boolean) =>
    new OperationRecord({ operation: await found(), operations, now, isRecovered });
  return { record: await open(false), found, recovered: () => open(true) };
}

const requestOf = (command: string) => ({ id: ID, command, domid: 5 });
const refusal = { returncode: "1", message: "No space left", isIntegerCode: false };

test("the next attempt takes the answer of the one before it out of the ledger", async () => {
  const { record, found } = await begin("password");
  await record.beforeSend(requestOf("password"));
  await record.beforeRemoval(requestOf("password"), refusal);
  assert.equal((await found()).returncode, "1");
  await record.beforeSend(requestOf("password"));
  const { state, attempts, returncode, message } = await found();
  assert.deepEqual([state, attempts, returncode, message], ["sent", 2, null, null]);
});

for (const [kind, command] of [
  ["injectFile", "file_inject"],
  ["resetNetwork", "resetnetwork"],
  ["send", "file_inject"],
] as const) {
  test(`a refused ${kind} after an attempt that nobody answered may have been done`, async () => {
    const { record, found } = await begin(kind);
    await record.beforeSend(requestOf(command));
    await record.beforeSend(requestOf(command));
    await record.beforeRemoval(requestOf(command), refusal);
    const { state, error, returncode } = await found();
    assert.deepEqual([state, error?.code, returncode], ["failed", "OUTCOME_UNKNOWN", "1"]);
    assert.match(error?.message ?? "", /No space left.*not known/);
    assert.ok(record.answer instanceof HostError);
  });
}

test("a refusal after an attempt of a process that has ended may have been done", async () => {
  const { record, found, recovered } = await begin("injectFile");
  await record.beforeSend(requestOf("file_inject"));
  const second = await recovered();
  await second.beforeSend(requestOf("file_inject"));
  const third = await recovered();
  await third.beforeRemoval(requestOf("file_inject"), refusal);
  assert.equal((await found()).error?.code, "OUTCOME_UNKNOWN");
});

test("a refusal after one of an agent that had lost the key may have been done", async () => {
  const { record, recovered } = await begin("password");
  await record.beforeSend(requestOf("password"));
  const lostKey = { ...refusal, message: "Password without key exchange" };
  await record.beforeRemoval(requestOf("password"), lostKey);
  assert.equal(record.mayBeDone, true);
  const second = await recovered();
  await second.beforeSend(requestOf("password"));
  await second.beforeRemoval(requestOf("password"), refusal);
  assert.deepEqual([second.mayBeDone, (await recovered()).mayBeDone], [true, true]);
});

test("a refusal of every attempt is a refusal", async () => {
  const { record, recovered } = await begin("password");
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    await record.beforeSend(requestOf("password"));
    assert.equal(record.mayBeDone, true);
    await record.beforeRemoval(requestOf("password"), refusal);
  }
  assert.deepEqual([record.mayBeDone, (await recovered()).mayBeDone], [false, false]);
});

test("what changes nothing is refused, however often it was asked", async () => {
  const { record, found } = await begin("version");
  await record.beforeSend(requestOf("version"));
  await record.beforeSend(requestOf("version"));
  await record.beforeRemoval(requestOf("version"), refusal);
  assert.equal((await found()).error?.code, "GUEST_REFUSED");
});
