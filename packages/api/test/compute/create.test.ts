import assert from "node:assert/strict";
import { test } from "node:test";
import { type CreateRequest, HostError } from "@nova-agent/host";
import { debian, idOf, publicNet, small } from "./support/samples.ts";
import { World } from "./support/world.ts";

const world = await World.open();
const server = { name: "web", imageRef: debian.id, flavorRef: small.id };

function create(changes: object): { readonly method: string; readonly body: unknown } {
  return { method: "POST", body: { server: { ...server, ...changes } } };
}

test("a server is created with what is asked for, and the password is answered", async () => {
  const { ask } = world.project();
  const contents = Buffer.from("hello").toString("base64");
  const { status, body, headers } = await ask("/servers", {
    ...create({
      adminPass: "s3cret",
      metadata: { role: "front" },
      personality: [{ path: "/etc/motd", contents }],
      networks: [{ uuid: publicNet.id }],
      min_count: 1,
      max_count: 1,
    }),
  });
  assert.equal(status, 202);
  assert.equal(body.server.adminPass, "s3cret");
  assert.equal(headers.get("location"), `http://localhost/compute/v2.1/servers/${body.server.id}`);
  assert.deepEqual(world.instances.asked, [
    {
      what: "create",
      id: body.server.id,
      input: {
        name: "web",
        imageId: debian.id,
        flavorId: small.id,
        cards: [{ networkId: publicNet.id, fixedIp: undefined }],
        metadata: { role: "front" },
        files: [{ path: "/etc/motd", content: new Uint8Array(Buffer.from("hello")) }],
        keyName: null,
        adminPass: "s3cret",
      },
    },
  ]);
  assert.equal((await ask(`/servers/${body.server.id}`)).body.server.status, "BUILD");
});

test("without a password one is made, and the guest gets what is answered", async () => {
  const { ask } = world.project();
  const { body } = await ask("/servers", create({}));
  const [asked] = world.instances.asked;
  assert.match(body.server.adminPass, /^[2-9A-HJ-NP-Za-km-z]{12}$/);
  assert.deepEqual(asked?.input, { ...(asked?.input as object), adminPass: body.server.adminPass });
});

test("no password is answered for an image without an agent, which nothing would set", async () => {
  const bare = { ...debian, id: idOf(950), name: "bare", hasAgent: false };
  await world.database.inventory.insertImage(bare);
  const { ask } = world.project();
  const { status, body } = await ask("/servers", create({ imageRef: bare.id, adminPass: "s3cret" }));
  assert.deepEqual([status, body.server.adminPass], [202, undefined]);
});

test("several servers have names of their own and the same password", async () => {
  const { ask } = world.project();
  const { status } = await ask("/servers", create({ min_count: "1", max_count: "3", adminPass: "s3cret" }));
  assert.equal(status, 202);
  const inputs = world.instances.asked.map(({ input }) => input as { name: string; adminPass: string });
  assert.deepEqual(
    inputs.map(({ name, adminPass }) => [name, adminPass]),
    [
      ["web-1", "s3cret"],
      ["web-2", "s3cret"],
      ["web-3", "s3cret"],
    ],
  );
  const reserved = await ask("/servers", create({ return_reservation_id: true }));
  assert.match(reserved.body.reservation_id, /^r-[0-9a-f]{8}$/);
});

test("who names no network gets those that all share, and none when that is said", async () => {
  const { ask } = world.project();
  await ask("/servers", create({}));
  await ask("/servers", { ...create({ networks: "auto" }), version: 37 });
  await ask("/servers", { ...create({ networks: "none" }), version: 90 });
  assert.deepEqual(askedCards(), [[{ networkId: publicNet.id }], [{ networkId: publicNet.id }], []]);
});

function askedCards(): readonly unknown[] {
  return world.instances.asked.map(({ input }) => (input as CreateRequest).cards);
}

test("a server gets ports that were made by themselves, and addresses of one's choice", async () => {
  const { ask, id: projectId } = world.project();
  const card = { id: "chosen", networkId: publicNet.id, mac: "00:16:3e:ff:00:01", fixedIps: [] };
  await world.database.instances.insertFreePort({ ...card, projectId, name: "" });
  const networks = [
    { uuid: publicNet.id, fixed_ip: "192.0.2.99" },
    { port: card.id },
    { uuid: publicNet.id, port: null, fixed_ip: null },
  ];
  assert.equal((await ask("/servers", create({ networks }))).status, 202);
  assert.deepEqual(askedCards(), [
    [
      { networkId: publicNet.id, fixedIp: "192.0.2.99" },
      { portId: card.id },
      { networkId: publicNet.id, fixedIp: undefined },
    ],
  ]);
});

test("a port in use, of others, named twice or for several servers is refused", async () => {
  const { ask, add, addPort, id: projectId } = world.project();
  const { id: inUse } = await addPort(await add());
  const card = { networkId: publicNet.id, fixedIps: [], name: "" };
  const own = { ...card, id: "mine", mac: "00:16:3e:ff:00:02", projectId };
  await world.database.instances.insertFreePort(own);
  const foreign = { ...card, id: "theirs", mac: "00:16:3e:ff:00:03", projectId: "somebody-else" };
  await world.database.instances.insertFreePort(foreign);
  const mine = { port: "mine" };
  const refused = [
    [{ networks: [{ port: inUse }] }, 409, /Port .* is still in use/],
    [{ networks: [{ port: "theirs" }] }, 400, /Port id theirs could not be found/],
    [{ networks: [{ port: "none" }] }, 400, /Port id none could not be found/],
    [{ networks: [mine, mine] }, 400, /named twice/],
    [{ networks: [mine], max_count: 2 }, 400, /single configured port/],
    [{ networks: [{ uuid: publicNet.id, fixed_ip: "192.0.2.9" }], max_count: 2 }, 400, /port ID or address/],
    [{ networks: [{ ...mine, fixed_ip: "192.0.2.9" }] }, 400, /cannot be specified together/],
    [{ networks: [{ uuid: publicNet.id, fixed_ip: "nowhere" }] }, 400, /fixed_ip/],
  ] as const;
  for (const [changes, expected, words] of refused) {
    const { status, body } = await ask("/servers", create(changes));
    assert.equal(status, expected, JSON.stringify(changes));
    assert.match((body.badRequest ?? body.conflictingRequest).message, words);
  }
  assert.deepEqual(world.instances.asked, []);
});

test("an address that is in use is a conflict in the host's words", async () => {
  const { ask } = world.project();
  world.failWith(new HostError("ADDRESS_TAKEN", "Address 192.0.2.9 of network public is in use"));
  const networks = [{ uuid: publicNet.id, fixed_ip: "192.0.2.9" }];
  const { status, body } = await ask("/servers", create({ networks }));
  assert.deepEqual(
    [status, body.conflictingRequest.message],
    [409, "Address 192.0.2.9 of network public is in use"],
  );
});

test("what a version does not take is refused", async () => {
  const { ask } = world.project();
  const personality = [{ path: "/etc/motd", contents: "aGVsbG8=" }];
  const refused = [
    [{}, 37, /networks/],
    [{ networks: "auto" }, 36, /networks/],
    [{ personality, networks: "auto" }, 57, /personality/],
    [{ personality: [{ path: "/etc/motd", contents: "no base64!" }] }, 1, /contents/],
    [{ personality: [{ path: "/etc/motd", contents: "A".repeat(20_000) }] }, 1, /contents/],
    [{ networks: [{}] }, 1, /uuid/],
    [{ name: "" }, 1, /name/],
    [{ name: " padded " }, 1, /name/],
    [{ metadata: { key: 1 } }, 1, /metadata/],
    [{ min_count: 3, max_count: 2 }, 1, /min_count/],
    [{ max_count: 1000 }, 1, /max_count/],
    [{ availability_zone: "moon" }, 1, /availability zone/],
    [{ user_data: "IyEvYmluL3No" }, 1, /user_data/],
  ] as const;
  for (const [changes, version, words] of refused) {
    const { status, body } = await ask("/servers", { ...create(changes), version });
    assert.equal(status, 400, JSON.stringify(changes));
    assert.match(body.badRequest.message, words);
  }
  assert.deepEqual(world.instances.asked, []);
});

test("an image that is not there is a bad request, and readers create nothing", async () => {
  const { ask } = world.project();
  world.failWith(new HostError("BAD_ARGUMENT", "Image x could not be found"));
  const { status, body } = await ask("/servers", create({ imageRef: "http://images/v2/images/x" }));
  assert.equal(status, 400);
  assert.equal(body.badRequest.message, "Image x could not be found");
  assert.equal((await ask("/servers", { ...create({}), as: "reader" })).status, 403);
});

test("a server gets another name and keeps its hostname", async () => {
  const { add, ask } = world.project();
  const { id, hostname } = await add();
  const change = { method: "PUT", body: { server: { name: "db" } } };
  const { status, body } = await ask(`/servers/${id}`, change);
  assert.equal(status, 200);
  assert.equal(body.server.name, "db");
  assert.equal((await world.database.instances.find(id))?.hostname, hostname);
  assert.equal((await ask(`/servers/${id}`, { ...change, as: "reader" })).status, 403);
  assert.equal((await ask(`/servers/${id}`, { ...change, as: "other" })).status, 404);
  const [row] = await world.database.audit.list({ target: id, limit: 1 });
  assert.equal(row?.what, "updateServer");
});

test("a server that is deleted is not there any more", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  assert.equal((await ask(`/servers/${id}`, { method: "DELETE", as: "reader" })).status, 403);
  assert.equal((await ask(`/servers/${id}`, { method: "DELETE", as: "other" })).status, 404);
  assert.equal((await ask(`/servers/${id}`, { method: "DELETE" })).status, 204);
  assert.equal((await ask(`/servers/${id}`)).status, 404);
});
