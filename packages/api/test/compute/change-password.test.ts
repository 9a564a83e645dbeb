import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "@nova-agent/host";
import { idOf, instanceOf } from "./support/samples.ts";
import { openWorld } from "./support/world.ts";

const path = `/servers/${idOf(1)}/action`;
const change = { method: "POST", body: { changePassword: { adminPass: "pa55wörd" } } };

test("a password is set, and the answer is 202 without a body", async (t) => {
  const { add, ask, instances } = await openWorld(t);
  await add(instanceOf());
  const { status, body } = await ask(path, change);
  assert.equal(status, 202);
  assert.equal(body, undefined);
  assert.deepEqual(instances.asked, [{ what: "changePassword", id: idOf(1), input: "pa55wörd" }]);
});

test("a password that the guest does not take is a conflict with the guest's reason", async (t) => {
  const { add, ask, instances } = await openWorld(t);
  await add(instanceOf());
  instances.failure = new HostError("GUEST_REFUSED", "The agent answered 500: chpasswd failed");
  const { status, body } = await ask(path, change);
  assert.equal(status, 409);
  assert.deepEqual(body, {
    conflictingRequest: { code: 409, message: "The agent answered 500: chpasswd failed" },
  });
});

test("a password is set by members of the project alone", async (t) => {
  const { add, ask, instances } = await openWorld(t);
  await add(instanceOf());
  assert.equal((await ask(path, { ...change, as: "reader" })).status, 403);
  assert.equal((await ask(path, { ...change, as: "other" })).status, 404);
  assert.equal((await ask(path, { ...change, as: "nobody" })).status, 401);
  assert.deepEqual(instances.asked, []);
});

test("a password stands in no log and in no refusal", async (t) => {
  const { add, ask, lines, instances } = await openWorld(t);
  await add(instanceOf());
  instances.failure = new HostError("XENSTORE_FAILED", "gone");
  await ask(path, change);
  const refused = await ask(path, { method: "POST", body: { changePassword: { adminPass: ["pa55wörd"] } } });
  assert.equal(refused.status, 400);
  assert.doesNotMatch(JSON.stringify([lines, refused.body]), /pa55/);
  assert.ok(lines.length > 0);
});
