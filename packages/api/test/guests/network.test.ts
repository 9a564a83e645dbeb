import assert from "node:assert/strict";
import test from "node:test";
import { type GuestSight, networkingData, type Port } from "@nova-agent/host";
import { sightOf } from "@nova-agent/host/testing";
import { compareNetwork } from "../../src/guests/network/compare-network.ts";
import { guestNetworkRoutes } from "../../src/guests/network/network-routes.ts";
import { previewWarnings } from "../../src/guests/network/preview.ts";
import { idOf, instanceOf, portOf, publicNet } from "../compute/support/samples.ts";
import { type Answer, objectOf, openGuests, secondsFrom } from "./support/guests-world.ts";

const { database, ask, add, addPort, addOperation, observation } = await openGuests(guestNetworkRoutes);
const MAC = "00:16:3e:00:00:01";
const KEY = "networking/00163e000001";

const privateNet = {
  ...publicNet,
  id: idOf(801),
  name: "private",
  projectId: "p1",
  cidr: "10.0.0.0/24",
  cidr6: undefined,
  gateway: undefined,
  gateway6: undefined,
  dns: [],
  routes: [{ destination: "10.1.0.0/16", gateway: "10.0.0.1" }],
};
await database.inventory.insertNetwork(privateNet);
await database.inventory.insertNetwork({ ...privateNet, id: idOf(802), projectId: "p2" });
await add(1, { agentSeenAt: secondsFrom(0) });
const port = await addPort(1);
await add(2, { projectId: "p2" });

const applied = {
  "attr/vif/0/ipv4/0": "192.0.2.10",
  "attr/vif/0/ipv6/0": "2001:DB8:0::10",
  "attr/vif/0/ipv6/1": "fe80::216:3eff:fe00:1",
  "device/vif/0/mac": MAC.toUpperCase(),
};
const told = { [KEY]: JSON.stringify(networkingData(port, publicNet)) };

function differencesOf(sight: GuestSight | undefined, ports: readonly Port[] = [portOf()]) {
  const networks = new Map([[publicNet.id, publicNet]]);
  return compareNetwork({ ports, networks, sight }).map(({ differences }) => differences);
}

test("a guest that has what it should have differs in nothing", async () => {
  observation.sights.set(idOf(1), sightOf(applied, { vmData: told }));
  const network = objectOf(await ask(`/servers/${idOf(1)}/network`, "reader"), "network");
  assert.deepEqual(network, {
    interfaces: [
      {
        port_id: port.id,
        vif: 0,
        network: "public",
        mac: MAC,
        wanted: {
          addresses: ["192.0.2.10/24", "2001:db8::10/64"],
          gateway: "192.0.2.1",
          gateway6: "2001:db8::1",
          dns: ["192.0.2.53"],
          routes: [],
        },
        applied: { addresses: ["192.0.2.10", "2001:DB8:0::10", "fe80::216:3eff:fe00:1"] },
        differences: [],
      },
    ],
    last_reset: null,
  });
});

test("what a guest has otherwise is told in words", () => {
  const other = { ...applied, "attr/vif/0/ipv4/0": "192.0.2.99" };
  assert.deepEqual(differencesOf(sightOf(other, { vmData: told })), [
    ["The guest does not use 192.0.2.10", "The guest uses 192.0.2.99, which is not given to this card"],
  ]);
  assert.deepEqual(differencesOf(sightOf(applied)), [
    [`The guest is not told of this card: vm-data/${KEY} is not there`],
  ]);
  assert.deepEqual(differencesOf(sightOf(applied, { vmData: { [KEY]: "{}" } })), [
    [`vm-data/${KEY} does not say what the database does`],
  ]);
});

test("cards that only the database or only the domain has are told", () => {
  const moved = { "device/vif/1/mac": "00:16:3e:00:00:99" };
  assert.deepEqual(differencesOf(sightOf(moved, { vmData: told })), [
    ["The domain has no card with this MAC address"],
    ["The domain has this card, and the database does not"],
  ]);
});

test("without a domain nothing is compared, and of a guest that reports nothing no addresses", () => {
  assert.deepEqual(differencesOf(undefined), [[]]);
  assert.deepEqual(differencesOf(sightOf({ "device/vif/0/mac": MAC }, { vmData: told })), [[]]);
});

test("the last reset of the network is told as it ended", async () => {
  const asked = { instanceId: idOf(1), kind: "resetNetwork", updatedAt: secondsFrom(9) } as const;
  await addOperation(3, { ...asked, state: "done", message: "Applied" });
  const error = { code: "GUEST_REFUSED", message: "No gateway answers" };
  await addOperation(4, { ...asked, state: "failed", message: "1", error });
  const network = objectOf(await ask(`/servers/${idOf(1)}/network`), "network");
  const lastReset = { at: secondsFrom(9).toISOString(), result: "failed", words: "No gateway answers" };
  assert.deepEqual(network["last_reset"], lastReset);
});

async function preview(body: unknown, token = "member"): Promise<Answer> {
  return ask(`/servers/${idOf(1)}/network/preview`, token, body);
}

async function statusOf(body: unknown): Promise<number> {
  return (await preview(body)).status;
}

test("a card to be attached is shown with an address that is free, and nothing is changed", async () => {
  const shown = objectOf(await preview({ attach: { network_id: privateNet.id } }), "preview");
  const lines = shown["lines"] as readonly { readonly sign: string; readonly text: string }[];
  assert.equal(shown["address"], "10.0.0.2");
  assert.deepEqual(
    lines.filter(({ sign }) => sign === "+").map(({ text }) => text),
    ["network private, card to be made", "  address 10.0.0.2/24", "  route 10.1.0.0/16 by 10.0.0.1"],
  );
  assert.deepEqual(lines[0], { sign: " ", text: `network public, card ${MAC}` });
  assert.deepEqual(shown["warnings"], []);
  assert.equal((await database.instances.ports(idOf(1))).length, 1);
});

test("in a network of both families no address is named, because one that is named is the only one", async () => {
  const shown = objectOf(await preview({ attach: { network_id: publicNet.id } }), "preview");
  assert.equal(shown["address"], null);
  assert.deepEqual(shown["warnings"], [
    "The server is in the network public already",
    "More than one network has a gateway: the guest has a default route by each, and one counts",
    "The addresses are those that are free now: nobody keeps them",
  ]);
  const one = await preview({ attach: { network_id: publicNet.id, address: "192.0.2.77" } });
  assert.equal(objectOf(one, "preview")["address"], "192.0.2.77");
});

test("a card to be detached is shown with what is lost by it", async () => {
  const shown = objectOf(await preview({ detach: { port_id: port.id } }, "reader"), "preview");
  const lines = shown["lines"] as readonly { readonly sign: string; readonly text: string }[];
  assert.deepEqual([...new Set(lines.map(({ sign }) => sign))], ["-"]);
  assert.deepEqual(shown["warnings"], [
    "It cannot be done now. Your role in this project only lets you look",
    "Whoever is connected to 192.0.2.10 and 2001:db8::10 loses the connection",
    "It is the only network card: the server has no network without it",
  ]);
});

test("a guest that is told of no change is to be told by hand, also when an agent was installed in it", () => {
  const instance = instanceOf({ agentSeenAt: new Date(0), agentSilentSince: new Date(0) });
  const card = { network: publicNet, fixedIps: [] };
  const change = { kind: "detach", card, others: [card], instance, obstacle: null } as const;
  assert.deepEqual(previewWarnings({ ...change, image: { hasAgent: false } }), [
    "The image has no agent: the guest has to be told of the change by hand",
  ]);
});

test("what cannot be attached or detached is refused", async () => {
  assert.equal(await statusOf({ attach: { network_id: idOf(802) } }), 400);
  assert.equal(await statusOf({ attach: { network_id: privateNet.id, address: "10.9.9.9" } }), 400);
  assert.equal(await statusOf({ attach: { network_id: publicNet.id, address: "192.0.2.10" } }), 409);
  assert.equal(await statusOf({ detach: { port_id: idOf(4) } }), 404);
  assert.equal(await statusOf({}), 400);
  assert.equal((await ask(`/servers/${idOf(2)}/network`)).status, 404);
});
