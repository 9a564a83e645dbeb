import assert from "node:assert/strict";
import test from "node:test";
import {
  type BuildDraft,
  checkDraft,
  createBody,
  draftOf,
  isFaultless,
  newDraft,
  withoutGone,
} from "../../src/browser/model/build-draft.ts";
import type { Inventory } from "../../src/browser/model/inventory.ts";
import { sampleRow } from "../support/sample-row.ts";

const inventory: Inventory = {
  images: [
    { id: "debian", name: "debian", min_disk: 0, min_ram: 0 },
    { id: "big", name: "big", min_disk: 10, min_ram: 4096 },
  ],
  flavors: [
    { id: "1", name: "small", vcpus: 1, ram: 512, disk: 20 },
    { id: "2", name: "flat", vcpus: 1, ram: 8192, disk: 1 },
  ],
  networks: [
    { id: "public", name: "public", shared: true, blocks: ["203.0.113.0/24"] },
    { id: "own", name: "own", shared: false, blocks: ["10.0.0.0/8"] },
  ],
  keyNames: ["laptop"],
};
const draft: BuildDraft = { ...newDraft(inventory), name: "web-1" };

function faultsOf(changes: Partial<BuildDraft>) {
  return checkDraft({ ...draft, ...changes }, inventory);
}

test("a new form has what most servers are, and lacks a name alone", () => {
  assert.deepEqual(
    newDraft(inventory).networks.map(({ id }) => id),
    ["public"],
  );
  assert.equal(isFaultless(checkDraft(draft, inventory)), true);
  assert.equal(isFaultless(checkDraft(newDraft(inventory), inventory)), false);
});

test("a name that cannot be one is told why", () => {
  const names = ["", " web", "web\n1", "a".repeat(256)];
  for (const name of names) assert.equal(typeof faultsOf({ name }).name, "string");
  for (const name of ["web", "Büro 1", "服务器"]) assert.equal(faultsOf({ name }).name, undefined);
});

test("an image that needs more than the size has is told so", () => {
  assert.match(faultsOf({ imageId: "big", flavorId: "1" }).flavor ?? "", /4096 MiB/);
  assert.match(faultsOf({ imageId: "big", flavorId: "2" }).flavor ?? "", /10 GiB/);
});

test("an address is looked at in its own network", () => {
  const networks = [
    { id: "public", address: "10.0.0.1" },
    { id: "own", address: " 10.0.0.1 " },
  ];
  assert.deepEqual([...faultsOf({ networks }).addresses.keys()], ["public"]);
});

test("a key of metadata stands once", () => {
  const metadata = [
    { key: "role", value: "web" },
    { key: "role", value: "db" },
  ];
  assert.deepEqual(
    faultsOf({ metadata }).metadata.map(({ key }) => key === undefined),
    [true, false],
  );
});

test("a file has a whole path and few bytes", () => {
  const paths = ["", "motd", "/etc/", "//etc/motd", "/etc/motd", "C:\\motd.txt"];
  const { files } = faultsOf({ files: paths.map((path) => ({ path, content: "" })) });
  assert.deepEqual(
    files.map(({ path }) => path === undefined),
    [false, false, false, false, true, true],
  );
  const [big] = faultsOf({ files: [{ path: "/etc/motd", content: "ä".repeat(6_000) }] }).files;
  assert.match(big?.content ?? "", /12000/);
});

test("a fault anywhere is a fault of the draft", () => {
  assert.equal(isFaultless(faultsOf({ files: [{ path: "x", content: "" }] })), false);
  assert.equal(isFaultless(faultsOf({ metadata: [{ key: "", value: "" }] })), false);
  assert.equal(isFaultless(faultsOf({ networks: [{ id: "public", address: "x" }] })), false);
});

test("the body asks for what was chosen", () => {
  const body = createBody(
    {
      ...draft,
      networks: [
        { id: "public", address: "" },
        { id: "own", address: " 10.0.0.5 " },
      ],
      keyName: "laptop",
      metadata: [{ key: "role", value: "web" }],
      files: [{ path: "/etc/motd", content: "Grüße" }],
    },
    "secret",
  );
  assert.deepEqual(body, {
    server: {
      name: "web-1",
      imageRef: "debian",
      flavorRef: "1",
      networks: [{ uuid: "public" }, { uuid: "own", fixed_ip: "10.0.0.5" }],
      metadata: { role: "web" },
      key_name: "laptop",
      adminPass: "secret",
      personality: [{ path: "/etc/motd", contents: Buffer.from("Grüße").toString("base64") }],
    },
  });
});

test("no network is said, since leaving it out means all", () => {
  const body = createBody({ ...draft, networks: [] }, "secret");
  assert.equal((body as { server: { networks: unknown } }).server.networks, "none");
});

test("what was asked for comes back from a server, without what is gone", () => {
  const server = {
    ...sampleRow({ id: "server-1", name: "web-1", key_name: "lost" }),
    image: { id: "debian", name: "debian" },
    flavor: { id: "9", name: "gone", vcpus: 1, ram_mib: 1, disk_gib: 1 },
    hostname: "web-1",
    agent_features: null,
    metadata: { role: "web" },
    ports: [
      { id: "p", network: { id: "own", name: "own" }, mac: "", index: 0, addresses: ["10.0.0.5/8"] },
      { id: "q", network: { id: "gone", name: "gone" }, mac: "", index: 1, addresses: [] },
    ],
    actions: {},
  };
  const again = withoutGone(draftOf(server), inventory);
  assert.deepEqual(again, {
    name: "web-1",
    imageId: "debian",
    flavorId: "1",
    networks: [{ id: "own", address: "" }],
    keyName: "",
    metadata: [{ key: "role", value: "web" }],
    files: [],
  });
});
