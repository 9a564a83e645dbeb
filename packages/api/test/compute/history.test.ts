import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "./support/world.ts";

const world = await World.open();

test("what was asked of a server is listed, and shown with its steps", async () => {
  const { id: projectId, add, ask } = world.project();
  const { id } = await add();
  const requestId = "req-5ac1f1d5-0d56-44c7-9a5c-1bb5a4e0b6f1";
  const requester = { userId: "u1", projectId, roles: ["member"] as const, requestId };
  const { actions } = world.database;
  await actions.begin(requester, { instanceId: id, action: "changePassword" });
  await actions.beginEvent(requestId, "password");
  await actions.endEvent(requestId, { event: "password", isSuccess: false, details: "No answer" });
  await actions.end(requestId, "No answer within 30 s");
  const expected = {
    action: "changePassword",
    instance_uuid: id,
    request_id: requestId,
    user_id: "u1",
    project_id: projectId,
    start_time: "2026-01-03T00:00:00.000000",
    message: "No answer within 30 s",
  };
  const list = await ask(`/servers/${id}/os-instance-actions`);
  assert.deepEqual([list.status, list.body], [200, { instanceActions: [expected] }]);
  const shown = await ask(`/servers/${id}/os-instance-actions/${requestId}`, { version: 84 });
  assert.deepEqual(shown.body.instanceAction, {
    ...expected,
    updated_at: "2026-01-03T00:00:00.000000",
    events: [
      {
        event: "password",
        start_time: "2026-01-03T00:00:00.000000",
        finish_time: "2026-01-03T00:00:00.000000",
        result: "Error",
        traceback: null,
        hostId: "",
        details: "No answer",
      },
    ],
  });
  assert.equal((await ask(`/servers/${id}/os-instance-actions/req-none`)).status, 404);
  assert.equal((await ask(`/servers/${id}/os-instance-actions`, { as: "other" })).status, 404);
  assert.equal((await ask(`/servers/${id}/os-instance-actions/${requestId}`, { as: "other" })).status, 404);
});

test("diagnostics have the agent's version before 2.48, and the shared shape since", async () => {
  const { add, addPort, ask } = world.project();
  const instance = await add();
  const { mac } = await addPort(instance);
  const path = `/servers/${instance.id}/diagnostics`;
  assert.deepEqual((await ask(path)).body, {
    state: "running",
    memory: 524_288,
    vcpus: 1,
    agent_version: "1.39.1",
    vif_0_mac: mac,
  });
  const { body } = await ask(path, { version: 48 });
  assert.equal(body.num_nics, 1);
  assert.equal(body.nic_details[0].mac_address, mac);
  assert.deepEqual(body.memory_details, { maximum: 512, used: null });
  assert.equal((await ask(path, { as: "other" })).status, 404);
});

test("the encrypted password is shown until it is cleared", async () => {
  const { add, ask } = world.project();
  const { id } = await add(1, { encryptedPassword: "c2VjcmV0" });
  const path = `/servers/${id}/os-server-password`;
  assert.deepEqual((await ask(path)).body, { password: "c2VjcmV0" });
  assert.equal((await ask(path, { method: "DELETE", as: "reader" })).status, 403);
  assert.equal((await ask(path, { method: "DELETE", as: "other" })).status, 404);
  assert.equal((await ask(path, { method: "DELETE" })).status, 204);
  assert.deepEqual((await ask(path)).body, { password: "" });
});
