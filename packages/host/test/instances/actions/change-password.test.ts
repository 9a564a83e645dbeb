import assert from "node:assert/strict";
import test from "node:test";
import { HostError } from "../../../src/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { rsaKey } from "../../support/rsa-key.ts";
import { createRequest, instanceWorld, secretOf, until } from "../../support/instance-world.ts";
import { memoryDatabase } from "../../../src/testing/index.ts";

test("a password is set when the call resolves, and written down without it", async (context) => {
  const { service, database, operations, built, ask, lines } = await instanceWorld(context);
  const { id } = await built();
  const requester = ask();
  await service.changePassword(requester, id, secretOf("n3w-secret"));
  assert.deepEqual(operations.asked, ["password n3w-secret"]);
  assert.deepEqual(database.eventsOf(requester.requestId), ["password Success"]);
  const audit = database.auditRows.at(-1);
  assert.deepEqual([audit?.what, audit?.target, audit?.outcome], ["changePassword", id, "done"]);
  const written = JSON.stringify([database.auditRows, lines, await database.actions.list(id)]);
  assert.doesNotMatch(written, /n3w-secret/);
});

test("the password is kept for the instance's RSA key alone, and the former one is not", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { publicKey, decrypt } = rsaKey();
  const keyPair = { userId: "alice", name: "rsa", publicKey, fingerprint: "00", createdAt: new Date(0) };
  await database.inventory.insertKeyPair(keyPair);
  const { id, encryptedPassword } = await built({ keyName: "rsa" });
  assert.equal(decrypt(encryptedPassword ?? ""), "first");
  await service.changePassword(ask(), id, secretOf("n3w-secret"));
  assert.equal(decrypt(database.instance(id).encryptedPassword ?? ""), "n3w-secret");
  operations.refuse("password", "no");
  await assert.rejects(service.changePassword(ask(), id, secretOf("never")));
  assert.equal(decrypt(database.instance(id).encryptedPassword ?? ""), "n3w-secret");
  operations.answers.clear();
  await database.inventory.removeKeyPair("alice", "rsa");
  await service.changePassword(ask(), id, secretOf("last"));
  assert.equal(database.instance(id).encryptedPassword, null);
});

test("the guest's refusal reaches the caller, and the instance can be used on", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  operations.refuse("password", "chpasswd: too short");
  const password = secretOf("x");
  await assert.rejects(service.changePassword(ask(), id, password), hasCode("GUEST_REFUSED", /too short/));
  const { vmState, taskState, fault } = database.instance(id);
  assert.deepEqual([vmState, taskState, fault?.message], ["active", null, "chpasswd: too short"]);
  assert.deepEqual(password.reveal(), new Uint8Array(1));
});

test("a stopped instance has no password changed, in Nova's words", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  await service.stop(ask(), id);
  await service.idle();
  const words = new RegExp(
    `^Cannot 'changePassword' instance ${id} while it is in vm_state stopped\\. It must be in vm_state active$`,
  );
  await assert.rejects(service.changePassword(ask(), id, secretOf("x")), hasCode("WRONG_STATE", words));
  assert.deepEqual(operations.asked, []);
  assert.equal(database.auditRows.at(-1)?.outcome, "failed: WRONG_STATE");
});

test("two changes at once do not mix: the second is refused", async (context) => {
  const { service, database, operations, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const answer = operations.hold("password");
  const first = service.changePassword(ask(), id, secretOf("one"));
  await until(() => operations.asked.length === 1);
  assert.equal(database.instance(id).taskState, "updating_password");
  const second = service.changePassword(ask(), id, secretOf("two"));
  await assert.rejects(second, hasCode("WRONG_STATE", /task_state updating_password/));
  answer();
  await first;
  assert.equal(database.instance(id).taskState, null);
});

test("another project's instance is not there, but for an administrator", async (context) => {
  const { service, built, ask } = await instanceWorld(context);
  const { id } = await built();
  const other = { ...ask(), projectId: "other" };
  await assert.rejects(service.changePassword(other, id, secretOf("x")), hasCode("NO_SUCH_INSTANCE"));
  await service.changePassword({ ...other, roles: ["admin"] }, id, secretOf("x"));
});

test("an instance that was stopped just before it is taken is left alone", async (context) => {
  const memory = memoryDatabase(() => new Date(0));
  const instances: typeof memory.instances = {
    ...memory.instances,
    async update(id, changes, expected) {
      const isTaking = changes.taskState === "updating_password";
      if (isTaking) memory.put({ ...memory.instance(id), vmState: "stopped" });
      return memory.instances.update(id, changes, expected);
    },
  };
  const { service, operations, ask } = await instanceWorld(context, { stored: { ...memory, instances } });
  const { id } = await service.create(ask(), createRequest());
  await service.idle();
  operations.asked.length = 0;
  await assert.rejects(service.changePassword(ask(), id, secretOf("second")), hasCode("WRONG_STATE"));
  assert.equal(memory.instance(id).taskState, null);
  assert.deepEqual(operations.asked, []);
});

for (const [told, wanted] of [
  [
    'Domain 5 refused "password": too short (code 1)',
    /^Instance "Web 1" \(domain 5\) refused "password": too/,
  ],
  ["Domain 5 became domain 8, and no agent", /^Instance "Web 1" \(domain 5\) became domain 8, and no agent$/],
  ["The password for domain 5 is empty", /^The password for instance "Web 1" \(domain 5\) is empty$/],
  [
    'No agent answered "password" in domain 5',
    /^No agent answered "password" in instance "Web 1" \(domain 5\)$/,
  ],
  ["Domain 55 is not this guest's", /^Domain 55 is not this guest's$/],
] as const) {
  test(`"${told}" names the instance to whoever asked for the password`, async (context) => {
    const { service, database, operations, built, ask } = await instanceWorld(context);
    const { id } = await built();
    operations.answers.set("password", async () => {
      throw new HostError("GUEST_REFUSED", told, { domid: 5 });
    });
    const asked = service.changePassword(ask(), id, secretOf("second"));
    await assert.rejects(asked, hasCode("GUEST_REFUSED", wanted));
    assert.match(database.instance(id).fault?.message ?? "", wanted);
  });
}
