import assert from "node:assert/strict";
import test, { after } from "node:test";
import { subnetId } from "../../src/network/subnet.ts";
import { byPassword, passwords, startCloud, tokenOf } from "../support/cloud.ts";

const { app, database, get, authenticate } = await startCloud(after);

async function ids(path: string, project = "demo"): Promise<readonly string[]> {
  const response = await get(`/network/v2.0${path}`, { project });
  assert.equal(response.status, 200, await response.clone().text());
  const [things = []] = Object.values((await response.json()) as Record<string, { id: string }[]>);
  return things.map(({ id }) => id).sort();
}

test("the versions are told without a token", async () => {
  for (const path of ["/network", "/network/"]) {
    const { versions } = (await (await app.request(path)).json()) as { versions: object };
    assert.deepEqual(versions, [
      { id: "v2.0", status: "CURRENT", links: [{ rel: "self", href: "http://localhost/network/v2.0/" }] },
    ]);
  }
});

test("a project sees its networks and the shared ones, by name too", async () => {
  assert.deepEqual(await ids("/networks"), ["n-demo", "n-public"]);
  assert.deepEqual(await ids("/networks", "other"), ["n-other", "n-public"]);
  assert.deepEqual(await ids("/networks?name=private"), ["n-demo"]);
  assert.deepEqual(await ids("/networks?id=n-demo&id=n-other"), ["n-demo"]);
  assert.deepEqual(await ids("/networks?name=nothing"), []);
});

test("a network that is not there, or another project's, is a NeutronError", async () => {
  for (const id of ["private", "n-other"]) {
    const response = await get(`/network/v2.0/networks/${id}`);
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), {
      NeutronError: { type: "HTTPNotFound", message: `There is no network ${id}`, detail: "" },
    });
  }
});

test("a network is shown with its subnets, and without the host's bridge", async () => {
  const response = await get("/network/v2.0/networks/n-demo");
  const text = await response.text();
  const { network } = JSON.parse(text) as { network: Record<string, unknown> };
  assert.deepEqual(network["subnets"], [subnetId("n-demo", 4), subnetId("n-demo", 6)]);
  assert.equal(network["shared"], false);
  assert.doesNotMatch(text, /xenbr-secret/u);
});

test("a subnet has the addresses of its own family", async () => {
  assert.deepEqual(
    await ids("/subnets?network_id=n-demo"),
    [subnetId("n-demo", 4), subnetId("n-demo", 6)].sort(),
  );
  const show = async (id: string): Promise<Record<string, unknown>> =>
    ((await (await get(`/network/v2.0/subnets/${id}`)).json()) as { subnet: Record<string, unknown> }).subnet;
  const four = await show(subnetId("n-demo", 4));
  assert.equal(four["cidr"], "198.51.100.0/24");
  assert.deepEqual(four["dns_nameservers"], ["192.0.2.53"]);
  assert.deepEqual(four["host_routes"], [{ destination: "10.0.0.0/8", nexthop: "198.51.100.2" }]);
  const six = await show(subnetId("n-demo", 6));
  assert.equal(six["gateway_ip"], null);
  assert.deepEqual(six["dns_nameservers"], ["2001:db8::53"]);
  assert.equal((await get(`/network/v2.0/subnets/${subnetId("n-other", 4)}`)).status, 404);
});

test("a subnet's id is a UUID that is always the same", () => {
  assert.match(subnetId("n-demo", 4), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/u);
  assert.equal(subnetId("n-demo", 4), subnetId("n-demo", 4));
  assert.notEqual(subnetId("n-demo", 4), subnetId("n-demo", 6));
});

test("a project sees the ports of its own instances", async () => {
  assert.deepEqual(await ids("/ports"), ["port-demo"]);
  assert.deepEqual(await ids("/ports?device_id=vm-demo"), ["port-demo"]);
  assert.deepEqual(await ids("/ports?device_id=vm-other"), []);
  assert.deepEqual(await ids("/ports?mac_address=00:16:3e:00:00:02"), []);
  assert.deepEqual(await ids("/ports?name=web"), []);
  assert.equal((await get("/network/v2.0/ports/port-other")).status, 404);
  const response = await get("/network/v2.0/ports/port-demo");
  const { port } = (await response.json()) as { port: Record<string, unknown> };
  assert.equal(port["mac_address"], "00:16:3e:00:00:01");
  assert.deepEqual(port["fixed_ips"], [
    { subnet_id: subnetId("n-demo", 4), ip_address: "198.51.100.5" },
    { subnet_id: subnetId("n-demo", 6), ip_address: "2001:db8::5" },
  ]);
});

test("a port is made with a name and free addresses, found by it, and removed while no instance has it", async () => {
  const headers = { "X-Auth-Token": tokenOf(await authenticate(byPassword("alice", passwords.alice))) };
  const create = async (port: object) =>
    await app.request("/network/v2.0/ports", { method: "POST", headers, body: JSON.stringify({ port }) });
  const remove = async (id: string) =>
    (await app.request(`/network/v2.0/ports/${id}`, { method: "DELETE", headers })).status;
  const response = await create({ network_id: "n-demo", name: "mine", admin_state_up: true });
  assert.equal(response.status, 201, await response.clone().text());
  const { port } = (await response.json()) as { port: Record<string, unknown> };
  const id = String(port["id"]);
  assert.deepEqual([port["name"], port["device_id"], port["status"]], ["mine", "", "DOWN"]);
  assert.match(String(port["mac_address"]), /^00:16:3e(?::[0-9a-f]{2}){3}$/u);
  assert.equal((port["fixed_ips"] as object[]).length, 2);
  assert.deepEqual(await ids("/ports?name=mine"), [id]);
  assert.deepEqual(((await (await get(`/network/v2.0/ports/${id}`)).json()) as { port: object }).port, port);
  assert.equal((await get(`/network/v2.0/ports/${id}`, { user: "bob", project: "other" })).status, 404);
  await database.instances.bindPort(id, { instanceId: "vm-demo", index: 1 });
  assert.deepEqual(await ids("/ports?name=mine"), [id]);
  assert.equal(await remove(id), 409);
  await database.instances.releasePort(id);
  assert.equal(await remove(id), 204);
  assert.equal(await remove(id), 404);
  const wanted = { network_id: "n-demo", fixed_ips: [{ ip_address: "198.51.100.5" }] };
  assert.equal((await create(wanted)).status, 409);
  assert.equal((await create({ network_id: "n-other" })).status, 400);
});
