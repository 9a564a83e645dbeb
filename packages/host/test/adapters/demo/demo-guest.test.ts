import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import {
  DemoError,
  DemoGuest,
  type DemoGuestOptions,
  demoNetworks,
} from "../../../src/adapters/demo/index.ts";

const RUNS = "setInterval(() => {}, 1000);";
const FAILS = 'console.error("no XenStore for me"); process.exitCode = 3;';

/** An embedded XenStore, and the options for a guest of files whose agent is the given program. */
async function prepare(context: TestContext, agent: string) {
  const directory = await makeTemporaryDirectory();
  await writeFile(join(directory, "agent.mjs"), agent);
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  const guests: DemoGuest[] = [];
  context.after(async () => {
    for (const guest of guests) await guest.close();
    await xenstore.close();
    await server.close();
    await removeDirectory(directory);
  });
  const options: DemoGuestOptions = {
    xenstore,
    domainSocketPath: server.domainSocketPath(3),
    domain: {
      domid: 3,
      name: "demo",
      uuid: "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f",
      hostname: "demo",
      networks: demoNetworks({ hasIpv6: false }),
      memoryKib: 4096,
    },
    tree: join(directory, "tree"),
    agent: { directory, main: "agent.mjs" },
    enclosure: "root-tree",
  };
  const start = async () => {
    const guest = await DemoGuest.start(options);
    guests.push(guest);
    return guest;
  };
  return { directory, xenstore, options, start };
}

async function nodesLeft(xenstore: XenstoreClient): Promise<string[]> {
  const paths = [
    "/local/domain/3",
    "/local/domain/0/backend/vif/3",
    "/vm/5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f",
  ];
  const isThere = await Promise.all(paths.map((path) => xenstore.exists(path)));
  return paths.filter((_path, index) => isThere[index]);
}

test("a started guest is introduced and described, and a closed one leaves nothing", async (context) => {
  const { directory, xenstore, start } = await prepare(context, RUNS);
  const guest = await start();
  assert.equal(await xenstore.isIntroduced(3), true);
  assert.equal(await xenstore.readText("/local/domain/3/name"), "demo");
  assert.equal((await nodesLeft(xenstore)).length, 3);
  await guest.close();
  await guest.close();
  assert.equal(await xenstore.isIntroduced(3), false);
  assert.deepEqual(await nodesLeft(xenstore), []);
  assert.deepEqual((await readdir(directory)).toSorted(), ["agent.mjs", "socket"]);
});

test("who waits for a guest whose agent ends is told so with the agent's own words", async (context) => {
  const { start } = await prepare(context, FAILS);
  const guest = await start();
  const never = new Promise<void>(() => {});
  await assert.rejects(
    guest.whileAgentRuns(never),
    (error) =>
      error instanceof DemoError &&
      error.code === "DEMO_AGENT_ENDED" &&
      error.message.endsWith("status 3: no XenStore for me"),
  );
});

test("a guest that cannot be built leaves no domain, and what was at its place stays", async (context) => {
  const { xenstore, options, start } = await prepare(context, RUNS);
  await mkdir(join(options.tree, "precious"), { recursive: true });
  await assert.rejects(start(), { code: "EEXIST" });
  assert.equal(await xenstore.isIntroduced(3), false);
  assert.deepEqual(await nodesLeft(xenstore), []);
  assert.deepEqual(await readdir(options.tree), ["precious"]);
});
