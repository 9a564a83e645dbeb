import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "@nova-agent/host";
import { subnetsOf } from "../../src/network/subnet.ts";
import { idOf, publicNet } from "./support/samples.ts";
import { World } from "./support/world.ts";

const world = await World.open();

test("network cards are listed and shown with Nova's keys", async () => {
  const { add, addPort, ask } = world.project();
  const instance = await add();
  const { id, mac, fixedIps } = await addPort(instance);
  const subnets = subnetsOf(publicNet);
  const expected = {
    port_state: "ACTIVE",
    port_id: id,
    net_id: publicNet.id,
    mac_addr: mac,
    fixed_ips: fixedIps.map(({ address }, index) => ({ subnet_id: subnets[index]?.id, ip_address: address })),
  };
  const list = await ask(`/servers/${instance.id}/os-interface`);
  assert.deepEqual([list.status, list.body], [200, { interfaceAttachments: [expected] }]);
  const shown = await ask(`/servers/${instance.id}/os-interface/${id}`, { version: 70 });
  assert.deepEqual(shown.body, { interfaceAttachment: { ...expected, tag: null } });
  assert.equal((await ask(`/servers/${instance.id}/os-interface/nothing`)).status, 404);
});

test("a network is attached by its id, with an address of one's choice, or as the only one", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const wanted = [
    [1, { net_id: publicNet.id }, { networkId: publicNet.id, fixedIp: undefined }],
    [
      90,
      { net_id: publicNet.id, fixed_ips: [{ ip_address: "192.0.2.99" }] },
      { networkId: publicNet.id, fixedIp: "192.0.2.99" },
    ],
    [69, {}, { networkId: publicNet.id, fixedIp: undefined }],
  ] as const;
  for (const [version, interfaceAttachment, input] of wanted) {
    world.instances.asked = [];
    const path = `/servers/${id}/os-interface`;
    const { status, body } = await ask(path, { method: "POST", body: { interfaceAttachment }, version });
    const { port_id: portId, mac_addr: mac } = body.interfaceAttachment;
    const address = input.fixedIp ?? "192.0.2.77";
    const fixedIps = [{ subnet_id: subnetsOf(publicNet)[0]?.id, ip_address: address }];
    const shown = { port_state: "ACTIVE", port_id: portId, net_id: publicNet.id, mac_addr: mac };
    const attached = { ...shown, fixed_ips: fixedIps, ...(version === 90 && { tag: null }) };
    assert.deepEqual([status, body], [200, { interfaceAttachment: attached }]);
    assert.deepEqual(world.instances.asked, [{ what: "attachInterface", id, input }]);
    assert.equal((await ask(`${path}/${portId}`, { method: "DELETE" })).status, 202);
  }
});

test("a guest that refuses a network is a conflict in its own words", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  world.failWith(new HostError("GUEST_REFUSED", "The agent answered 1: no such device"));
  const body = { interfaceAttachment: { net_id: publicNet.id } };
  const answer = await ask(`/servers/${id}/os-interface`, { method: "POST", body });
  assert.equal(answer.status, 409);
  assert.equal(answer.body.conflictingRequest.message, "The agent answered 1: no such device");
});

test("a port that is there is in use, and one of others is not there", async () => {
  const { add, addPort, ask } = world.project();
  const { id: portId } = await addPort(await add());
  const { id } = await add(2);
  const attach = async (port: string, as: string): Promise<number> => {
    const body = { interfaceAttachment: { port_id: port } };
    return (await ask(`/servers/${id}/os-interface`, { method: "POST", body, as })).status;
  };
  assert.equal(await attach(portId, "member"), 409);
  assert.equal(await attach(idOf(4711), "member"), 404);
  const foreign = world.project();
  const elsewhere = await foreign.addPort(await foreign.add());
  assert.equal(await attach(elsewhere.id, "member"), 404);
});

test("readers and other projects change no network", async () => {
  const { add, addPort, ask } = world.project();
  const instance = await add();
  const port = await addPort(instance);
  const body = { interfaceAttachment: { net_id: publicNet.id } };
  const virtual = { virtual_interface: { network_id: publicNet.id } };
  const calls = [
    [`/servers/${instance.id}/os-interface`, { method: "POST", body }],
    [`/servers/${instance.id}/os-interface/${port.id}`, { method: "DELETE" }],
    [`/servers/${instance.id}/os-virtual-interfacesv2`, { method: "POST", body: virtual }],
    [`/servers/${instance.id}/os-virtual-interfacesv2/${port.id}`, { method: "DELETE" }],
  ] as const;
  for (const [path, call] of calls) {
    assert.equal((await ask(path, { ...call, as: "reader" })).status, 403, path);
    assert.equal((await ask(path, { ...call, as: "other" })).status, 404, path);
  }
  assert.deepEqual(world.instances.asked, []);
  for (const path of [
    "os-interface",
    `os-interface/${port.id}`,
    "os-virtual-interfacesv2",
    "ips",
    "ips/public",
  ]) {
    assert.equal((await ask(`/servers/${instance.id}/${path}`, { as: "reader" })).status, 200, path);
    assert.equal((await ask(`/servers/${instance.id}/${path}`, { as: "other" })).status, 404, path);
  }
});

test("Rackspace's clients attach, list and detach networks", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/os-virtual-interfacesv2`;
  const body = { virtual_interface: { network_id: publicNet.id } };
  const attached = await ask(path, { method: "POST", body });
  assert.equal(attached.status, 200);
  const [card] = attached.body.virtual_interfaces;
  assert.ok(card !== undefined);
  assert.match(card.mac_address, /^00:16:3e(?::[0-9a-f]{2}){3}$/);
  assert.deepEqual(attached.body, {
    virtual_interfaces: [
      {
        id: card.id,
        mac_address: card.mac_address,
        ip_addresses: [{ address: "192.0.2.77", network_id: publicNet.id, network_label: "public" }],
      },
    ],
  });
  assert.deepEqual((await ask(path)).body, attached.body);
  assert.equal((await ask(`${path}/${card.id}`, { method: "DELETE" })).status, 200);
  assert.deepEqual((await ask(path)).body, { virtual_interfaces: [] });
  const networks = await ask("/os-networksv2");
  assert.deepEqual(networks.body.networks, [{ id: publicNet.id, label: "public", cidr: publicNet.cidr }]);
});

test("a port that was made by itself is attached by its id, once", async () => {
  const { add, ask } = world.project();
  const { id, projectId } = await add();
  const card = { id: `free-${id}`, networkId: publicNet.id, mac: "00:16:3e:ff:ff:01", fixedIps: [] };
  await world.database.instances.insertFreePort({ ...card, projectId, name: "mine" });
  const body = { interfaceAttachment: { port_id: card.id } };
  const path = `/servers/${id}/os-interface`;
  const attached = await ask(path, { method: "POST", body });
  assert.deepEqual([attached.status, attached.body.interfaceAttachment?.mac_addr], [200, card.mac]);
  assert.equal((await ask(path, { method: "POST", body })).status, 409);
});

test("addresses are listed by network", async () => {
  const { add, addPort, ask } = world.project();
  const instance = await add();
  await addPort(instance);
  const { body } = await ask(`/servers/${instance.id}/ips`);
  assert.deepEqual(
    body.addresses["public"]?.map(({ version }) => version),
    [4, 6],
  );
  assert.deepEqual((await ask(`/servers/${instance.id}/ips/public`)).body, body.addresses);
  assert.equal((await ask(`/servers/${instance.id}/ips/private`)).status, 404);
});
