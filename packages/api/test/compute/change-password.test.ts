import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "@nova-agent/host";
import { World } from "./support/world.ts";

const world = await World.open();
const change = { method: "POST", body: { changePassword: { adminPass: "pa55wörd" } } };

test("a password is set, and the answer is 202 without a body", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  const { status, body } = await ask(path, change);
  assert.equal(status, 202);
  assert.equal(body, undefined);
  assert.deepEqual(world.instances.asked, [{ what: "changePassword", id, input: "pa55wörd" }]);
});

test("a password that the guest does not take is a conflict with the guest's reason", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  world.failWith(new HostError("GUEST_REFUSED", "The agent answered 500: chpasswd failed"));
  const { status, body } = await ask(path, change);
  assert.equal(status, 409);
  assert.deepEqual(body, {
    conflictingRequest: { code: 409, message: "The agent answered 500: chpasswd failed" },
  });
});

test("a password is set by members of the project alone", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  assert.equal((await ask(path, { ...change, as: "reader" })).status, 403);
  assert.equal((await ask(path, { ...change, as: "other" })).status, 404);
  assert.equal((await ask(path, { ...change, as: "nobody" })).status, 401);
  assert.deepEqual(world.instances.asked, []);
});

test("a password stands in no log and in no refusal", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  world.failWith(new HostError("XENSTORE_FAILED", "gone"));
  await ask(path, change);
  const refused = await ask(path, { method: "POST", body: { changePassword: { adminPass: ["pa55wörd"] } } });
  assert.equal(refused.status, 400);
  assert.doesNotMatch(JSON.stringify([world.lines, refused.body]), /pa55/);
  assert.ok(world.lines.length > 0);
});
