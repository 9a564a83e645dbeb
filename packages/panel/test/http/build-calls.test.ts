import assert from "node:assert/strict";
import test from "node:test";
import { createServer, readInventory } from "../../src/browser/http/build-calls.ts";
import { ScriptedClient } from "../support/scripted-client.ts";

const { signal } = new AbortController();
const flavor = { vcpus: 1, disk: 1 };
const image = { min_disk: 0, min_ram: 0 };
const inventory = {
  "/image/v2/images": {
    images: [
      { ...image, id: "1", name: "debian", image_type: "base" },
      { ...image, id: "2", name: "rescue", image_type: "rescue" },
    ],
  },
  "/compute/v2.1/flavors/detail": {
    flavors: [
      { ...flavor, id: "2", name: "large", ram: 2048 },
      { ...flavor, id: "1", name: "small", ram: 512 },
    ],
  },
  "/network/v2.0/networks": { networks: [] },
  "/network/v2.0/subnets": { subnets: [] },
  "/compute/v2.1/os-keypairs": { keypairs: [{ keypair: { name: "laptop" } }] },
};

test("servers are built of what is no rescue system, and the smallest size stands first", async () => {
  const { images, flavors, keyNames } = await readInventory(new ScriptedClient(inventory), signal);
  assert.deepEqual(
    images.map(({ name }) => name),
    ["debian"],
  );
  assert.deepEqual(
    flavors.map(({ name }) => name),
    ["small", "large"],
  );
  assert.deepEqual(keyNames, ["laptop"]);
});

const draft = {
  name: "web",
  imageId: "1",
  flavorId: "1",
  networks: [],
  keyName: "",
  metadata: [],
  files: [],
};

test("a server is asked for in the last version that takes files", async () => {
  const client = new ScriptedClient({
    "/compute/v2.1/servers": { server: { id: "new", adminPass: "secret" } },
  });
  assert.deepEqual(await createServer(client, draft, "secret"), { id: "new", password: "secret" });
  assert.equal(client.made[0]?.version, "2.56");
});

test("a server whose guest gets no password has none to be told", async () => {
  const client = new ScriptedClient({ "/compute/v2.1/servers": { server: { id: "new" } } });
  assert.equal((await createServer(client, draft, "secret")).password, undefined);
});
