import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { createNodeHost } from "../../src/hosts/node/index.ts";
import { type Cloud, startCloud } from "../support/cloud/cloud.ts";
import { parseLine } from "../support/parse-line.ts";

const SECRET = "Planted-hunter2-9f3a";
const recipe = ["--image", "debian", "--flavor", "small"] as const;

/** A file whose first line is the secret. */
async function secretFile(context: TestContext): Promise<string> {
  const file = join(await temporaryDirectory(context), "password");
  await writeFile(file, `${SECRET}\n`);
  return file;
}

/** What `network attach --json` prints. */
interface Attached {
  readonly port: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

const addressOf = ({ addresses }: Attached): string => addresses[0] ?? "";

/** Builds the server web; returns its id. */
async function buildWeb({ guestctl }: Cloud, ...more: readonly string[]): Promise<string> {
  const { status, stdout } = await guestctl(["build", "web", ...recipe, ...more, "--json"]);
  assert.equal(status, 0, stdout);
  return (parseLine(stdout) as { id: string }).id;
}

test("build tells each step, and the password that the guest has at the end", async (context) => {
  const { guestctl, guests } = await startCloud(context);
  const { status, stdout, stderr } = await guestctl(["build", "web", ...recipe]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(guests.passwords, [stdout.trim()]);
  const done = [...stderr.matchAll(/^(\w+): done$/gm)].map(([, step = ""]) => step);
  assert.deepEqual(
    new Set(done),
    new Set(["domain", "files", "password", "ports", "reset_network", "version", "xe_daemon"]),
  );
  assert.match(stderr, /is ACTIVE and has this password/);
  assert.equal(stderr.includes(stdout.trim()), false);
});

test("build takes its password from a file, its networks by name, and shows neither password", async (context) => {
  const cloud = await startCloud(context);
  const file = await secretFile(context);
  const args = ["--network", "private", "--network", "n-public", "--password-file", file];
  const { status, stdout, stderr } = await cloud.guestctl(["build", "web", ...recipe, ...args]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Server \S+ is ACTIVE\n$/);
  assert.equal(`${stdout}${stderr}`.includes(SECRET), false);
  assert.deepEqual(cloud.guests.passwords, [SECRET]);
  const [web] = await cloud.database.instances.list({});
  const ports = await cloud.database.instances.ports(web?.id ?? "");
  assert.deepEqual(
    ports.map(({ networkId }) => networkId),
    ["n-private", "n-public"],
  );
});

test("a build that fails ends with the fault, and still tells a password that the guest may have", async (context) => {
  const { guestctl, guests } = await startCloud(context);
  guests.refusals.set("resetNetwork", "no such interface");
  const { status, stdout, stderr } = await guestctl(["build", "web", ...recipe]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^reset_network: failed: no such interface$/m);
  assert.match(stderr, /^guestctl: The server \S+ is ERROR: .*no such interface/m);
  const [password = "none"] = guests.passwords;
  assert.ok(stderr.includes(`its password is: ${password}\n`));
});

test("build names what is missing before anything is built", async (context) => {
  const { guestctl, database } = await startCloud(context);
  const cases = [
    [["build", "web", "--flavor", "small"], 2, /'--image' is required/],
    [["build", "web", "--image", "none", "--flavor", "small"], 4, /There is no image "none"/],
    [["build", "web", ...recipe, "--network", "none"], 4, /There is no network "none"/],
  ] as const;
  for (const [args, expected, words] of cases) {
    const { status, stderr } = await guestctl(args);
    assert.equal(status, expected);
    assert.match(stderr, words);
  }
  assert.deepEqual(await database.instances.list({}), []);
});

test("rescue gives the rescue system a password, and unrescue ends it", async (context) => {
  const cloud = await startCloud(context);
  const id = await buildWeb(cloud);
  const rescued = await cloud.guestctl(["rescue", "web", "--image", "rescue", "--generate", "--json"]);
  const { password, ...rest } = parseLine(rescued.stdout) as { password: string };
  assert.deepEqual([rescued.status, rest], [0, { id, status: "RESCUE" }]);
  assert.equal(cloud.guests.passwords.at(-1), password);
  assert.equal((await cloud.database.instances.find(id))?.rescueImageId, "i-rescue");
  const again = await cloud.guestctl(["rescue", "web", "--generate"]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /rescue/);
  const ended = await cloud.guestctl(["unrescue", "web"]);
  assert.deepEqual([ended.status, ended.stdout], [0, `Server ${id} is ACTIVE\n`]);
});

test("only a build tells how far it is", async (context) => {
  const cloud = await startCloud(context);
  const built = await remarksWhileHeld(cloud, ["build", "web", ...recipe]);
  assert.match(built, /^version: begun \(40 %\)$/m);
  const rescued = await remarksWhileHeld(cloud, ["rescue", "web", "--generate"]);
  assert.doesNotMatch(rescued, /%/);
});

/** What a command tells of a guest that answers no version before it is told that it is awaited. */
async function remarksWhileHeld({ guestctl, guests }: Cloud, args: readonly string[]): Promise<string> {
  const answer = guests.holdVersion();
  let remarks = "";
  const writeError = (text: string): void => {
    remarks += text;
    if (remarks.includes("version: begun")) answer();
  };
  const { input } = createNodeHost().terminal;
  const terminal = { input, isErrorTty: false, writeOut: () => {}, writeError };
  await guestctl([...args, "--timeout", "20"], { host: { terminal } });
  return remarks;
}

test("a rescue system that refuses the password is told as a failure", async (context) => {
  const cloud = await startCloud(context);
  await buildWeb(cloud);
  cloud.guests.refusals.set("password", "disk is full");
  const file = await secretFile(context);
  const { status, stderr } = await cloud.guestctl(["rescue", "web", "--password-file", file]);
  assert.equal(status, 1);
  assert.match(stderr, /is RESCUE: .*disk is full/);
  assert.equal(stderr.includes(SECRET), false);
});

test("a network card is attached and detached again", async (context) => {
  const cloud = await startCloud(context);
  const id = await buildWeb(cloud, "--network", "public");
  const attached = await cloud.guestctl(["network", "attach", "web", "private", "--json"]);
  const card = parseLine(attached.stdout) as { id: string; port: string; addresses: readonly string[] };
  assert.deepEqual([attached.status, card.id], [0, id]);
  assert.match(card.addresses.join(), /^10\.1\.0\.\d+$/);
  const count = async (): Promise<number> => (await cloud.database.instances.ports(id)).length;
  assert.equal(await count(), 2);
  const detached = await cloud.guestctl(["network", "detach", id, card.port]);
  const text = `Server ${id} does without the network card ${card.port}\n`;
  assert.deepEqual([detached.status, detached.stdout], [0, text]);
  assert.equal(await count(), 1);
});

test("a network card is taken away by its network, MAC address or address, and never by guess", async (context) => {
  const cloud = await startCloud(context);
  const { guestctl, database } = cloud;
  const id = await buildWeb(cloud, "--network", "public");
  const count = async (): Promise<number> => (await database.instances.ports(id)).length;
  const attach = async () =>
    parseLine((await guestctl(["network", "attach", "web", "private", "--json"])).stdout) as Attached;
  for (const meant of [() => "private", ({ mac }: Attached) => mac.toUpperCase(), addressOf]) {
    const { status, stderr } = await guestctl(["network", "detach", "web", meant(await attach())]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(await count(), 1);
  }
  const cards = [await attach(), await attach()];
  const twofold = await guestctl(["network", "detach", "web", "private"]);
  assert.equal(twofold.status, 2);
  for (const { port } of cards) assert.ok(twofold.stderr.includes(port), twofold.stderr);
  const unknown = await guestctl(["network", "detach", "web", "backup"]);
  assert.equal(unknown.status, 4);
  assert.match(unknown.stderr, /has no network card "backup".*\(private 00:16:3e.*guestctl network list/);
  assert.equal(await count(), 3);
  const listed = await guestctl(["network", "list", "web"]);
  assert.match(listed.stdout, /^PORT +NETWORK +MAC +ADDRESSES\n.* public .*\n.* private .*\n.* private /);
});

test("a guest that refuses a network card is told in its own words", async (context) => {
  const cloud = await startCloud(context);
  const id = await buildWeb(cloud, "--network", "public");
  cloud.guests.refusals.set("resetNetwork", "no driver for it");
  const { status, stderr } = await cloud.guestctl(["network", "attach", "web", "private"]);
  assert.equal(status, 1);
  assert.match(stderr, /no driver for it/);
  assert.equal((await cloud.database.instances.ports(id)).length, 1);
});

test("a wait that is too long for --timeout ends, and says that the build goes on", async (context) => {
  const { guestctl, guests } = await startCloud(context);
  const answer = guests.holdVersion();
  const { status, stderr } = await guestctl(["build", "web", ...recipe, "--timeout", "1"]);
  answer();
  assert.equal(status, 5);
  assert.match(stderr, /It is not ACTIVE after 1 s, and goes on/);
});
