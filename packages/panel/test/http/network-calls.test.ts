import assert from "node:assert/strict";
import test from "node:test";
import {
  addAddress,
  attachNetwork,
  detachPort,
  previewChange,
  readNetworks,
  removeAddress,
} from "../../src/browser/http/network-calls.ts";
import { ScriptedClient } from "../support/scripted-client.ts";

const { signal } = new AbortController();

test("a network is attached with the address that was shown, or with whichever is free", async () => {
  const client = new ScriptedClient();
  await attachNetwork(client, "a/b", { networkId: "net", address: "10.0.0.5" });
  await attachNetwork(client, "a/b", { networkId: "net", address: null });
  assert.deepEqual(
    client.made.map(({ path, body }) => [path, body]),
    [
      [
        "/compute/v2.1/servers/a%2Fb/os-interface",
        { interfaceAttachment: { net_id: "net", fixed_ips: [{ ip_address: "10.0.0.5" }] } },
      ],
      ["/compute/v2.1/servers/a%2Fb/os-interface", { interfaceAttachment: { net_id: "net" } }],
    ],
  );
});

test("a card is detached by its port", async () => {
  const client = new ScriptedClient();
  await detachPort(client, "id", "p/1");
  assert.deepEqual(
    client.made.map(({ method, path }) => [method, path]),
    [["DELETE", "/compute/v2.1/servers/id/os-interface/p%2F1"]],
  );
});

test("single addresses are asked for in the last version that has them", async () => {
  const client = new ScriptedClient();
  await addAddress(client, "id", "net");
  await removeAddress(client, "id", "10.0.0.5");
  assert.deepEqual(
    client.made.map(({ body, version }) => [body, version]),
    [
      [{ addFixedIp: { networkId: "net" } }, "2.43"],
      [{ removeFixedIp: { address: "10.0.0.5" } }, "2.43"],
    ],
  );
});

test("a preview is asked for what would change", async () => {
  const preview = { address: null, lines: [{ sign: "+", text: "network net" }], warnings: [] };
  const path = "/guests/v1/servers/id/network/preview";
  const client = new ScriptedClient({ [path]: { preview } });
  assert.deepEqual(await previewChange(client, "id", { detach: { port_id: "p" } }), preview);
  assert.deepEqual(client.made[0]?.body, { detach: { port_id: "p" } });
});

test("networks come with the blocks of their subnets", async () => {
  const client = new ScriptedClient({
    "/network/v2.0/networks": { networks: [{ id: "net", name: "private", shared: true }] },
    "/network/v2.0/subnets": {
      subnets: [
        { network_id: "net", cidr: "10.0.0.0/8" },
        { network_id: "other", cidr: "192.0.2.0/24" },
      ],
    },
  });
  const [network] = await readNetworks(client, signal);
  assert.deepEqual(network?.blocks, ["10.0.0.0/8"]);
});
