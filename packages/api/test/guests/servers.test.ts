import assert from "node:assert/strict";
import test from "node:test";
import { guestServerRoutes } from "../../src/guests/servers/server-routes.ts";
import { debian, idOf, publicNet, rescueImage } from "../compute/support/samples.ts";
import { listOf, NOW, objectOf, openGuests, secondsFrom } from "./support/guests-world.ts";

let calls = 0;
const { ask, add, addPort, addOperation } = await openGuests(({ database, ...options }) => {
  const { instances, inventory, overview } = database;
  const watched = {
    instances: counted(instances),
    inventory: counted(inventory),
    overview: counted(overview),
  };
  return guestServerRoutes({ ...options, database: { ...database, ...watched } });
});

await add(1, { agentSeenAt: NOW });
await addPort(1);
await addOperation(1, { state: "sent", attempts: 1 });
await add(2, { name: "db", vmState: "stopped", fault: { code: 409, message: "It failed", at: NOW } });
await add(3, { projectId: "p2" });

test("a row has everything that a list of servers shows", async () => {
  const [row] = listOf(await ask(`/servers?id=${idOf(1)}`));
  assert.deepEqual(row, {
    id: idOf(1),
    name: "web",
    status: "ACTIVE",
    vm_state: "active",
    task_state: null,
    progress: 100,
    project_id: "p1",
    created_at: secondsFrom(1).toISOString(),
    updated_at: "2026-01-02T03:04:05.678Z",
    key_name: null,
    image: { id: debian.id, name: "debian" },
    flavor: { id: "f1", name: "m1.small", vcpus: 1, ram_mib: 512, disk_gib: 10 },
    addresses: ["192.0.2.10", "2001:db8::10"],
    agent: { health: "healthy", reason: "", version: "1.39.1", last_seen_at: NOW.toISOString() },
    operation: {
      id: idOf(601),
      kind: "password",
      state: "sent",
      attempts: 1,
      created_at: secondsFrom(1).toISOString(),
      request_id: "req-1",
    },
    fault: null,
  });
});

test("servers are those of the project, the newest first, and of all projects for administrators", async () => {
  const ids = async (query: string, token: string) =>
    listOf(await ask(`/servers${query}`, token)).map(({ id }) => id);
  assert.deepEqual(await ids("", "reader"), [idOf(2), idOf(1)]);
  assert.deepEqual(await ids("", "other"), [idOf(3)]);
  assert.deepEqual(await ids("?all_projects=true", "admin"), [idOf(3), idOf(2), idOf(1)]);
  assert.equal((await ask("/servers?all_projects=true", "member")).status, 403);
});

test("servers are asked for by ids, and those of another project are not among them", async () => {
  const listed = listOf(await ask(`/servers?id=${idOf(1)}&id=${idOf(3)}&id=nonsense`));
  assert.deepEqual(
    listed.map(({ id }) => id),
    [idOf(1)],
  );
});

test("the fault of a server is in its row", async () => {
  const [row] = listOf(await ask(`/servers?id=${idOf(2)}`));
  assert.deepEqual(row?.["fault"], { message: "It failed", at: NOW.toISOString() });
  assert.equal(row["operation"], null);
});

test("a server shows its network cards, its metadata and what may be done with it", async () => {
  const server = objectOf(await ask(`/servers/${idOf(1)}`), "server");
  assert.deepEqual(server["ports"], [
    {
      id: idOf(701),
      network: { id: publicNet.id, name: "public" },
      mac: "00:16:3e:00:00:01",
      index: 0,
      addresses: ["192.0.2.10/24", "2001:db8::10/64"],
      name: "",
    },
  ]);
  assert.deepEqual(server["metadata"], { role: "front" });
  assert.equal(server["hostname"], "web");
  assert.equal(server["agent_features"], null);
  const { changePassword, start, registerRedHat, activateWindows } = objectOf(
    { status: 200, body: server },
    "actions",
  );
  assert.equal(changePassword, null);
  assert.equal(start, "The server is running; this is for one that is stopped");
  assert.equal(registerRedHat, "The guest's agent has not been asked yet whether it offers kmsactivate");
  assert.equal(activateWindows, "The image debian is not of Windows");
});

test("a server of another project is not there, but for administrators", async () => {
  assert.equal((await ask(`/servers/${idOf(3)}`, "member")).status, 404);
  assert.equal((await ask(`/servers/${idOf(3)}`, "admin")).status, 200);
  assert.equal((await ask("/servers/nonsense", "admin")).status, 404);
});

test("the list of many servers takes as many statements as that of one", async () => {
  await add(20, { projectId: "p1", vmState: "rescued", rescueImageId: rescueImage.id });
  for (const path of [`/servers?id=${idOf(1)}`, "/servers"]) {
    calls = 0;
    assert.ok(listOf(await ask(path)).length > 0);
    assert.equal(calls, 5, path);
  }
});

/** Counts the calls, each of which is a statement. */
function counted<Repository extends object>(repository: Repository): Repository {
  return new Proxy(repository, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        calls += 1;
        return Reflect.apply(value, target, args);
      };
    },
  });
}
