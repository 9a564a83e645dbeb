import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "./support/world.ts";

const world = await World.open();

test("what was asked of a server is listed, and shown with its steps, as each version has it", async () => {
  const { id: projectId, add, ask } = world.project();
  const { id } = await add();
  const requestId = "req-5ac1f1d5-0d56-44c7-9a5c-1bb5a4e0b6f1";
  const requester = { userId: "u1", projectId, roles: ["member"] as const, requestId };
  const { actions } = world.database;
  await actions.begin(requester, { instanceId: id, action: "changePassword" });
  await actions.beginEvent(requestId, "password");
  await actions.endEvent(requestId, { event: "password", isSuccess: false, details: "No answer" });
  await actions.end(requestId, "No answer within 30 s");
  const action = {
    action: "changePassword",
    instance_uuid: id,
    request_id: requestId,
    user_id: "u1",
    project_id: projectId,
    start_time: "2026-01-03T00:00:00.000000",
    message: "No answer within 30 s",
  };
  const event = {
    event: "password",
    start_time: "2026-01-03T00:00:00.000000",
    finish_time: "2026-01-03T00:00:00.000000",
    result: "Error",
    traceback: null,
  };
  const updated = { updated_at: "2026-01-03T00:00:00.000000" };
  const versions = [
    [1, action, event],
    [58, { ...action, ...updated }, event],
    [62, { ...action, ...updated }, { ...event, hostId: "" }],
    [90, { ...action, ...updated }, { ...event, hostId: "", details: "No answer" }],
  ] as const;
  for (const [version, shownAction, shownEvent] of versions) {
    const list = await ask(`/servers/${id}/os-instance-actions`, { version });
    assert.deepEqual([list.status, list.body], [200, { instanceActions: [shownAction] }]);
    const shown = await ask(`/servers/${id}/os-instance-actions/${requestId}`, { version });
    assert.deepEqual(shown.body, { instanceAction: { ...shownAction, events: [shownEvent] } });
  }
  assert.equal((await ask(`/servers/${id}/os-instance-actions/req-none`)).status, 404);
  assert.equal((await ask(`/servers/${id}/os-instance-actions`, { as: "other" })).status, 404);
  assert.equal((await ask(`/servers/${id}/os-instance-actions/${requestId}`, { as: "other" })).status, 404);
});

test("diagnostics have the agent's version before 2.48, and the shared shape since", async () => {
  const { add, addPort, ask } = world.project();
  const instance = await add();
  const { mac } = await addPort(instance);
  const path = `/servers/${instance.id}/diagnostics`;
  const own = { state: "running", memory: 524_288, vcpus: 1, agent_version: "1.39.1", vif_0_mac: mac };
  assert.deepEqual((await ask(path, { version: 1 })).body, own);
  assert.deepEqual((await ask(path, { version: 47 })).body, own);
  const counters = ["octets", "errors", "drop", "packets", "rate"];
  const unknown = counters.flatMap((name) => [`rx_${name}`, `tx_${name}`]).map((name) => [name, null]);
  const shared = {
    state: "running",
    driver: "xenapi",
    hypervisor: "xen",
    hypervisor_os: null,
    uptime: null,
    config_drive: false,
    num_cpus: 1,
    num_nics: 1,
    num_disks: 1,
    cpu_details: [],
    disk_details: [],
    memory_details: { maximum: 512, used: null },
    nic_details: [{ mac_address: mac, ...Object.fromEntries(unknown) }],
  };
  assert.deepEqual((await ask(path, { version: 48 })).body, shared);
  assert.deepEqual((await ask(path, { version: 90 })).body, shared);
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
  const [row] = await world.database.audit.list({ target: id, limit: 1 });
  assert.deepEqual([row?.what, row?.outcome], ["clearServerPassword", "done"]);
});
