import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import { debian, small } from "./support/samples.ts";
import { World } from "./support/world.ts";

const world = await World.open();

/** Its 32 bytes count from 0 to 31. */
const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@example.org";

test("flavors are listed, chosen and shown with Nova's keys", async () => {
  const { ask } = world.project();
  const links = [
    { rel: "self", href: "http://localhost/compute/v2.1/flavors/f1" },
    { rel: "bookmark", href: "http://localhost/compute/flavors/f1" },
  ];
  assert.deepEqual((await ask("/flavors")).body, { flavors: [{ id: "f1", name: "m1.small", links }] });
  const { body } = await ask("/flavors/detail?is_public=None");
  assert.deepEqual(body.flavors, [
    {
      id: "f1",
      name: "m1.small",
      vcpus: 1,
      ram: 512,
      disk: 10,
      swap: "",
      rxtx_factor: 1,
      "OS-FLV-EXT-DATA:ephemeral": 0,
      "OS-FLV-DISABLED:disabled": false,
      "os-flavor-access:is_public": true,
      links,
    },
  ]);
  const shown = await ask(`/flavors/${small.id}`, { version: 75 });
  assert.deepEqual(shown.body.flavor, { ...body.flavors[0], swap: 0, description: null, extra_specs: {} });
  assert.deepEqual((await ask("/flavors?minRam=1024")).body, { flavors: [] });
  assert.deepEqual((await ask("/flavors?marker=f1")).body, { flavors: [] });
  assert.equal((await ask("/flavors?marker=f2")).status, 400);
  assert.equal((await ask("/flavors/f2")).status, 404);
  assert.deepEqual((await ask("/flavors/f1/os-extra_specs")).body, { extra_specs: {} });
});

test("a public key is kept for its user alone", async () => {
  const { ask } = world.project();
  const keypair = { name: "laptop", public_key: publicKey };
  const created = await ask("/os-keypairs", { method: "POST", body: { keypair } });
  assert.equal(created.status, 200);
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  const { fingerprint } = created.body.keypair;
  assert.match(fingerprint, /^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  assert.equal(fingerprint.replaceAll(":", ""), createHash("md5").update(blob).digest("hex"));
  assert.equal("private_key" in created.body.keypair, false);
  const again = await ask("/os-keypairs", { method: "POST", body: { keypair } });
  assert.equal(again.status, 409);
  assert.deepEqual((await ask("/os-keypairs")).body.keypairs, [
    { keypair: { name: "laptop", public_key: publicKey, fingerprint } },
  ]);
  assert.deepEqual((await ask("/os-keypairs", { as: "bob" })).body.keypairs, []);
  assert.equal((await ask("/os-keypairs/laptop", { as: "bob" })).status, 404);
  assert.equal((await ask("/os-keypairs/laptop", { version: 2 })).body.keypair.type, "ssh");
  assert.equal((await ask("/os-keypairs/laptop", { method: "DELETE", as: "reader" })).status, 403);
  assert.equal((await ask("/os-keypairs/laptop", { method: "DELETE", as: "bob" })).status, 404);
  assert.equal((await ask("/os-keypairs/laptop", { method: "DELETE" })).status, 202);
  assert.equal((await ask("/os-keypairs/laptop", { method: "DELETE", version: 2 })).status, 404);
});

test("a pair that is made here has halves that belong together", async () => {
  const { ask } = world.project();
  const body = { keypair: { name: "made" } };
  const { status, body: answer } = await ask("/os-keypairs", { method: "POST", body, version: 2 });
  assert.equal(status, 201);
  const { n = "", e = "" } = createPublicKey(createPrivateKey(answer.keypair.private_key)).export({
    format: "jwk",
  });
  const blob = Buffer.from(answer.keypair.public_key.split(" ")[1] ?? "", "base64");
  // RFC 4253, 6.6: string "ssh-rsa", mpint e, mpint n.
  const expected = ["ssh-rsa", Buffer.from(e, "base64url"), Buffer.from(n, "base64url")];
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; at += 4 + blob.readUInt32BE(at)) {
    fields.push(blob.subarray(at + 4, at + 4 + blob.readUInt32BE(at)));
  }
  assert.equal(fields[0]?.toString(), expected[0]);
  assert.deepEqual(fields[1], expected[1]);
  assert.deepEqual(fields[2], Buffer.concat([Buffer.of(0), expected[2] as Buffer]));
  assert.equal("private_key" in (await ask("/os-keypairs/made")).body.keypair, false);
});

test("what is no public key is refused", async () => {
  const { ask } = world.project();
  const [kind, data] = publicKey.split(" ");
  for (const key of [
    "",
    "nonsense",
    `ssh-rsa ${data}`,
    `${kind} AAAA`,
    `${publicKey}\n${publicKey}`,
    `${kind} `,
  ]) {
    const body = { keypair: { name: "k", public_key: key } };
    assert.equal((await ask("/os-keypairs", { method: "POST", body })).status, 400, key);
  }
});

test("a key pair that is made or removed leaves a row in the audit", async () => {
  const { ask, id: projectId } = world.project();
  const body = { keypair: { name: "audited", public_key: publicKey } };
  await ask("/os-keypairs", { method: "POST", body });
  await ask("/os-keypairs/audited", { method: "DELETE" });
  const rows = await world.database.audit.list({ target: "audited", limit: 9 });
  assert.deepEqual(
    rows.map((row) => [row.what, row.projectId, row.outcome]),
    [
      ["deleteKeyPair", projectId, "done"],
      ["createKeyPair", projectId, "done"],
    ],
  );
});

test("limits say how much of them is used", async () => {
  const { add, ask } = world.project();
  await add(1);
  await add(2, { imageId: debian.id });
  const { absolute } = (await ask("/limits")).body.limits;
  assert.deepEqual(absolute, {
    maxServerMeta: 128,
    maxImageMeta: 128,
    maxPersonality: 5,
    maxPersonalitySize: 10_240,
    maxPersonalityPath: 255,
    maxTotalInstances: -1,
    maxTotalCores: -1,
    maxTotalRAMSize: -1,
    maxTotalKeypairs: -1,
    maxServerGroups: 0,
    maxServerGroupMembers: 0,
    totalInstancesUsed: 2,
    totalCoresUsed: 2,
    totalRAMUsed: 1024,
    totalServerGroupsUsed: 0,
  });
});

test("there is one zone, and there are no agents to install", async () => {
  const { ask } = world.project();
  const { body } = await ask("/os-availability-zone");
  assert.equal(body.availabilityZoneInfo[0]?.zoneName, "nova");
  assert.equal((await ask("/os-availability-zone/detail")).status, 403);
  for (const version of [1, 90])
    assert.deepEqual((await ask("/os-agents", { version })).body, { agents: [] });
});
