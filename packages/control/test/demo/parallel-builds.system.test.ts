import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Instance, Secret } from "@nova-agent/host";
import { openDatabase } from "@nova-agent/host/database";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { Closers } from "../../src/closers.ts";
import { fillInventory } from "../../src/demo/inventory.ts";
import { type HostSide, openXenstore, startHostSide } from "../../src/demo/host-side.ts";

const GUESTS = 5;
const PROGRAM_TIMEOUT_MS = 20_000;
const options = { needs: ["root", "namespaces", "ip", "openssl"], timeoutMs: 240_000 } as const;

systemTest("guests that are built at the same time do not disturb each other", options, async (context) => {
  const host = await startHost(context);
  const guests = await Promise.all(Array.from({ length: GUESTS }, (_, number) => begin(host, number)));
  await host.instances.idle();

  const addresses: string[] = [];
  for (const { id, name, password } of guests) {
    const { vmState, fault, agentVersion } = await existing(host, id);
    assert.deepEqual([vmState, fault, agentVersion], ["active", null, "3.0.0"]);
    assert.ok(await hasPassword(treeOf(host, id), password), `${name} has its own password`);
    assert.equal(await readFile(join(treeOf(host, id), "etc/motd"), "utf8"), `This is ${name}\n`);
    assert.equal(await runInside(host, id, ["hostname"]), `${name}\n`);
    const own = await ownAddresses(host, id);
    assert.deepEqual(await guestAddresses(host, id), own);
    addresses.push(...own);
  }
  assert.equal(new Set(addresses).size, addresses.length);
  assert.ok(addresses.length >= 2 * GUESTS);
});

async function startHost(context: TestContext): Promise<HostSide> {
  const directory = await temporaryDirectory(context);
  const closers = new Closers();
  context.after(() => closers.close());
  const xenstore = await openXenstore(directory, closers);
  const database = await openDatabase({ kind: "pglite", directory: undefined });
  closers.add(() => database.close());
  await fillInventory(database.inventory, { newId: randomUUID, now: () => new Date() });
  const sealKey = randomBytes(SEAL_KEY_BYTES);
  const data = { database: undefined, guests: join(directory, "guests"), sealKey };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const host = startHostSide({ ...xenstore, enclosure: "namespaces", database, data, log }, closers);
  await host.instances.recover();
  return host;
}

async function begin({ instances, database }: HostSide, number: number) {
  const { inventory } = database;
  const name = `guest-${number}`;
  const password = `password of ${name}`;
  const image = (await inventory.images()).find((candidate) => candidate.name === "debian");
  const [flavor] = await inventory.flavors();
  const { id } = await instances.create(requester(), {
    name,
    imageId: image?.id ?? "",
    flavorId: flavor?.id ?? "",
    cards: (await inventory.networks("project")).map((network) => ({ networkId: network.id })),
    metadata: {},
    adminPass: new Secret(Buffer.from(password)),
    files: [{ path: "/etc/motd", content: Buffer.from(`This is ${name}\n`) }],
    keyName: null,
  });
  return { id, name, password };
}

function requester() {
  const requestId = `req-${randomUUID()}`;
  return { userId: "user", projectId: "project", roles: ["member"], requestId } as const;
}

async function existing({ database }: HostSide, id: string): Promise<Instance> {
  const instance = await database.instances.find(id);
  assert.ok(instance !== undefined);
  return instance;
}

function treeOf({ toolstack }: HostSide, id: string): string {
  const guest = toolstack.findGuest(id);
  assert.ok(guest !== undefined);
  return guest.tree;
}

/** Hashes the password with the salt that root's has (crypt(5), "sha512crypt"). */
async function hasPassword(tree: string, password: string): Promise<boolean> {
  const shadow = await readFile(join(tree, "etc/shadow"), "utf8");
  const [, hash = "", salt = ""] = /^root:(\$6\$([^$]+)\$[^:]+):/m.exec(shadow) ?? [];
  const argv = ["openssl", "passwd", "-6", "-salt", salt, "-stdin"] as const;
  const output = await runChecked({ argv, stdin: `${password}\n`, timeoutMs: PROGRAM_TIMEOUT_MS });
  return output.trim() === hash;
}

/** What the database has for its cards. */
async function ownAddresses({ database }: HostSide, id: string): Promise<readonly string[]> {
  const ports = await database.instances.ports(id);
  return ports.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address)).toSorted();
}

/** What the kernel of the guest has on its cards, apart from what it gives itself (RFC 4291, 2.5.6). */
async function guestAddresses(host: HostSide, id: string): Promise<readonly string[]> {
  const links = JSON.parse(await runInside(host, id, ["ip", "-j", "address"])) as readonly {
    readonly ifname: string;
    readonly addr_info: readonly { readonly local: string; readonly scope: string }[];
  }[];
  const cards = links.filter(({ ifname }) => ifname.startsWith("eth"));
  const addresses = cards.flatMap(({ addr_info: all }) => all.filter(({ scope }) => scope === "global"));
  return addresses.map(({ local }) => local).toSorted();
}

async function runInside({ toolstack }: HostSide, id: string, argv: readonly string[]): Promise<string> {
  const enter = toolstack.findGuest(id)?.enclosure.enterCommand;
  assert.ok(enter !== undefined);
  return runChecked({ argv: [...enter, ...argv], timeoutMs: PROGRAM_TIMEOUT_MS });
}
