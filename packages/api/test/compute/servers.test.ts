import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf } from "./support/samples.ts";
import { type Answer, World } from "./support/world.ts";

const world = await World.open();

function names({ body }: Answer): string[] {
  return body.servers.map(({ name }) => name);
}

test("a server is shown with Nova's keys", async () => {
  const { id: tenant, add, addPort, ask } = world.project();
  const instance = await add();
  const { id } = instance;
  const { mac, fixedIps } = await addPort(instance);
  const { status, body } = await ask(`/servers/${id}`);
  assert.equal(status, 200);
  assert.deepEqual(body.server, {
    id,
    name: "web",
    status: "ACTIVE",
    tenant_id: tenant,
    user_id: `${tenant}-alice`,
    metadata: { role: "front" },
    hostId: "",
    image: {
      id: idOf(900),
      links: [{ rel: "bookmark", href: `http://localhost/compute/images/${idOf(900)}` }],
    },
    flavor: { id: "f1", links: [{ rel: "bookmark", href: "http://localhost/compute/flavors/f1" }] },
    created: "2026-01-02T03:04:05Z",
    updated: "2026-01-02T03:04:05Z",
    addresses: {
      public: [
        {
          version: 4,
          addr: fixedIps[0]?.address,
          "OS-EXT-IPS:type": "fixed",
          "OS-EXT-IPS-MAC:mac_addr": mac,
        },
        {
          version: 6,
          addr: fixedIps[1]?.address,
          "OS-EXT-IPS:type": "fixed",
          "OS-EXT-IPS-MAC:mac_addr": mac,
        },
      ],
    },
    accessIPv4: "",
    accessIPv6: "",
    links: [
      { rel: "self", href: `http://localhost/compute/v2.1/servers/${id}` },
      { rel: "bookmark", href: `http://localhost/compute/servers/${id}` },
    ],
    progress: 100,
    "OS-EXT-STS:task_state": null,
    "OS-EXT-STS:vm_state": "active",
    "OS-EXT-STS:power_state": 1,
    "OS-SRV-USG:launched_at": "2026-01-02T03:04:05.678000",
    "OS-SRV-USG:terminated_at": null,
    key_name: null,
    config_drive: "",
    security_groups: [{ name: "default" }],
    "os-extended-volumes:volumes_attached": [],
    "OS-DCF:diskConfig": "MANUAL",
    "OS-EXT-AZ:availability_zone": "nova",
  });
});

test("the flavor is embedded from 2.47 on", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const { body } = await ask(`/servers/${id}`, { version: 47 });
  assert.deepEqual(body.server.flavor, {
    original_name: "m1.small",
    vcpus: 1,
    ram: 512,
    disk: 10,
    ephemeral: 0,
    swap: 0,
    extra_specs: {},
  });
});

test("a server in error shows its fault", async () => {
  const { add, ask } = world.project();
  const fault = { code: 500, message: "No agent after 300 s", at: new Date("2026-01-02T00:00:00Z") };
  const broken = await add(1, { vmState: "error", fault });
  const mended = await add(2, { fault });
  const failed = await ask(`/servers/${broken.id}`);
  assert.deepEqual(failed.body.server.fault, {
    code: 500,
    message: "No agent after 300 s",
    created: "2026-01-02T00:00:00Z",
  });
  assert.equal("fault" in (await ask(`/servers/${mended.id}`)).body.server, false);
});

test("a list has the project's servers, the newest first, and links for the next page", async () => {
  const { add, ask } = world.project();
  await add(1, { name: "a", createdAt: new Date("2026-01-01T00:00:00Z") });
  await add(2, { name: "b", createdAt: new Date("2026-01-02T00:00:00Z") });
  await add(3, { name: "c", projectId: "somebody-else" });
  assert.deepEqual(names(await ask("/servers")), ["b", "a"]);
  assert.deepEqual(names(await ask("/servers/detail?sort_key=display_name&sort_dir=asc")), ["a", "b"]);
  const page = await ask("/servers/detail?limit=1&status=ACTIVE");
  assert.deepEqual(names(page), ["b"]);
  const next = new URL(page.body.servers_links[0]?.href ?? "");
  assert.equal(next.pathname, "/compute/v2.1/servers/detail");
  const rest = await ask(`/servers/detail${next.search}`);
  assert.deepEqual(names(rest), ["a"]);
  assert.equal("servers_links" in rest.body, false);
});

test("lists are filtered by name, status, image, flavor and time", async () => {
  const { add, ask } = world.project();
  await add(1, { name: "web-1" });
  await add(2, { name: "db", vmState: "stopped", imageId: "i2", flavorId: "f2" });
  await add(3, { name: "new", taskState: "updating_password", updatedAt: new Date("2026-02-01") });
  const filters = [
    ["name=eb-", ["web-1"]],
    ["status=SHUTOFF", ["db"]],
    ["status=active", ["web-1"]],
    ["status=PASSWORD", ["new"]],
    ["status=PASSWORD&status=SHUTOFF", ["new", "db"]],
    ["status=NONSENSE", []],
    ["image=i2", ["db"]],
    ["flavor=f2", ["db"]],
    ["changes-since=2026-01-31T00:00:00Z", ["new"]],
    ["nobody-knows=this&name=db", ["db"]],
  ] as const;
  for (const [query, expected] of filters) {
    assert.deepEqual(names(await ask(`/servers?${query}`)).toSorted(), [...expected].toSorted(), query);
  }
});

test("a list of changes has deleted servers at their place, page by page", async () => {
  const { add, ask } = world.project();
  const updatedAt = new Date("2026-02-01T00:00:00Z");
  const gone = { vmState: "deleted", deletedAt: updatedAt, updatedAt } as const;
  await add(1, { name: "a", updatedAt });
  await add(2, { name: "b", ...gone });
  await add(3, { name: "c", updatedAt });
  await add(4, { name: "d", ...gone });
  await add(5, { name: "old" });
  const query = "changes-since=2026-01-31T00:00:00Z&sort_key=name&sort_dir=asc";
  assert.deepEqual(names(await ask(`/servers?${query}`)), ["a", "b", "c", "d"]);
  const first = await ask(`/servers/detail?${query}&limit=3`);
  assert.deepEqual(names(first), ["a", "b", "c"]);
  assert.equal(first.body.servers[1]?.status, "DELETED");
  const rest = await ask(`/servers/detail${new URL(first.body.servers_links[0]?.href ?? "").search}`);
  assert.deepEqual(names(rest), ["d"]);
  assert.deepEqual(names(await ask(`/servers?${query}&status=ACTIVE`)), ["a", "c"]);
});

test("nonsense in a query is refused by its name", async () => {
  const { ask } = world.project();
  for (const [query, field] of [
    ["limit=many", /limit/],
    ["limit=-1", /limit/],
    ["marker=nobody", /marker/],
    ["sort_key=password", /sort_key/],
    ["sort_key=name&sort_dir=up", /sort_dir/],
    ["changes-since=yesterday", /changes-since/],
  ] as const) {
    const { status, body } = await ask(`/servers?${query}`);
    assert.equal(status, 400, query);
    assert.match(body.badRequest.message, field);
  }
});

test("only administrators list other projects' servers and deleted ones", async () => {
  const { id, add, ask } = world.project();
  const ofAll = `all_tenants=1&tenant_id=${id}`;
  await add();
  await add(2, { name: "gone", vmState: "deleted", deletedAt: new Date("2026-01-03T00:00:00Z") });
  assert.equal((await ask("/servers?all_tenants=1")).status, 403);
  assert.equal((await ask("/servers?status=DELETED")).status, 403);
  assert.deepEqual(names(await ask("/servers?deleted=true")), ["web"]);
  assert.deepEqual(names(await ask("/servers", { as: "admin" })), []);
  assert.deepEqual(names(await ask(`/servers?${ofAll}`, { as: "admin" })), ["web"]);
  assert.deepEqual(names(await ask(`/servers?${ofAll}&deleted=1`, { as: "admin" })), ["gone"]);
  assert.deepEqual(names(await ask(`/servers?${ofAll}&status=DELETED`, { as: "admin" })), ["gone"]);
  assert.deepEqual(names(await ask("/servers?all_tenants=1&tenant_id=nobody", { as: "admin" })), []);
});

test("a server of another project is not there, but for administrators", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  assert.equal((await ask(`/servers/${id}`, { as: "other" })).status, 404);
  assert.equal((await ask(`/servers/${id}`, { as: "reader" })).status, 200);
  const seen = await ask(`/servers/${id}`, { as: "admin" });
  assert.equal(seen.body.server["OS-EXT-SRV-ATTR:instance_name"], id);
});

test("a name in place of an id is not found", async () => {
  const { add, ask } = world.project();
  await add();
  const { status, body } = await ask("/servers/web");
  assert.equal(status, 404);
  assert.deepEqual(body, { itemNotFound: { code: 404, message: "Instance web could not be found." } });
});
