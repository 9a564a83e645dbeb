import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createLogger } from "../../src/log.ts";
import { Publisher } from "../../src/report/publisher.ts";
import { DOMID, prepareGuest } from "../support/agent-harness.ts";
import { createMemoryXenstore } from "../support/memory-xenstore.ts";

const base = `/local/domain/${DOMID}`;

async function setUp(context: TestContext) {
  const xenstore = createMemoryXenstore();
  const host = await XenstoreClient.open({ connect: xenstore.connectHost, clock: nodeClock });
  const client = await XenstoreClient.open({ connect: xenstore.connectGuest, clock: nodeClock });
  context.after(() => Promise.all([host.close(), client.close()]));
  await prepareGuest(host);
  await host.makeDirectory(`${base}/attr`);
  await host.setPermissions(`${base}/attr`, [{ domid: DOMID, read: false, write: false }]);
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line), unixTime: () => 0 });
  let count = 0;
  const publisher = new Publisher({ client, log, now: () => String((count += 1)) });
  const read = async (path: string): Promise<string | undefined> =>
    (await host.exists(`${base}/${path}`)) ? host.readText(`${base}/${path}`) : undefined;
  return { host, publisher, read, lines };
}

test("only what differs is written, and data/updated with it", async (context) => {
  const { host, publisher, read } = await setUp(context);
  assert.equal(await publisher.publish(new Map([["data/a", "1"]])), true);
  assert.equal(await read("data/updated"), "1");
  await host.write(`${base}/data/a`, "changed by another");
  assert.equal(await publisher.publish(new Map([["data/a", "1"]])), false);
  assert.equal(await read("data/a"), "changed by another");
  publisher.forget();
  assert.equal(await publisher.publish(new Map([["data/a", "1"]])), true);
  assert.equal(await read("data/a"), "1");
});

test("what is gone is removed with its empty directories, also what others left behind", async (context) => {
  const { host, publisher, read } = await setUp(context);
  await host.write(`${base}/attr/vif/4/ipv4/0`, "192.0.2.4");
  await host.write(`${base}/attr/other`, "kept");
  const both = [
    ["attr/vif/0/ipv4/0", "192.0.2.1"],
    ["attr/vif/0/ipv6/0", "fe80::1"],
  ] as const;
  await publisher.publish(new Map(both));
  assert.equal(await read("attr/vif/4"), undefined);
  assert.equal(await read("attr/other"), "kept");
  await publisher.publish(new Map([both[1]]));
  assert.equal(await read("attr/vif/0/ipv4"), undefined);
  assert.equal(await read("attr/vif/0/ipv6/0"), "fe80::1");
});

test("a node that the host forbids keeps no other away, and is told of once", async (context) => {
  const { publisher, read, lines } = await setUp(context);
  const forbidden = ["control/feature-balloon", "1"] as const;
  await publisher.publish(new Map([forbidden, ["data/a", "1"]]));
  await publisher.publish(new Map([forbidden, ["data/a", "2"]]));
  assert.equal(await read("data/a"), "2");
  assert.equal(lines.filter((line) => line.includes("feature-balloon")).length, 1);
});
