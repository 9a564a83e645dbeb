import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HostConnector, readVersion, sendRequest } from "@nova-agent/host";
import { testToolstackContract, type ToolstackUnderTest } from "@nova-agent/host/testing";
import {
  makeTemporaryDirectory,
  removeDirectory,
  repositoryRoot,
  runChecked,
  systemTest,
  waitFor,
} from "@nova-agent/testbed";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import {
  DemoToolstack,
  type EnclosureKind,
  PUBLISHER_LOG,
  RESCUED_TREE,
} from "../../../src/adapters/demo/index.ts";

const needs = ["root", "namespaces", "ip"] as const;

interface DemoUnderTest extends ToolstackUnderTest {
  readonly toolstack: DemoToolstack;
}

/** The demo's toolstack on an embedded XenStore, with the agent of this repository in its guests. */
async function start(enclosure: EnclosureKind): Promise<DemoUnderTest> {
  const directory = await makeTemporaryDirectory();
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  const toolstack = new DemoToolstack({
    xenstore,
    domainSocketPath: (domid) => server.domainSocketPath(domid),
    directory: join(directory, "guests"),
    agent: {
      directory: repositoryRoot().replace(/\/$/, ""),
      main: "packages/guest-agent/dist/src/hosts/node/main.js",
    },
    enclosure,
  });
  return {
    toolstack,
    xenstore,
    clock: nodeClock,
    images: { own: "demo:debian", rescue: "demo:rescue" },
    memoryMib: 64,
    bridge: "demo0",
    bootTimeoutMs: 30_000,
    readGuestFile: ({ uuid }, path) => readGuestFile(toolstack, uuid, path),
    rescuedPath: (_guest, path) => Promise.resolve(RESCUED_TREE + path),
    async close() {
      await toolstack.close();
      await xenstore.close();
      await server.close();
      await removeDirectory(directory);
    },
  };
}

async function readGuestFile(toolstack: DemoToolstack, uuid: string, path: string) {
  const guest = toolstack.findGuest(uuid);
  assert.ok(guest !== undefined);
  const { enterCommand } = guest.enclosure;
  if (enterCommand === undefined) return readFile(guest.tree + path, "utf8").catch(() => undefined);
  const script = 'test ! -e "$1" || cat "$1"';
  const text = await runInside([...enterCommand, "sh", "-c", script, "sh", path]);
  return text === "" ? undefined : text;
}

function runInside(argv: readonly [string, ...string[]], stdin = ""): Promise<string> {
  return runChecked({ argv, stdin, timeoutMs: 10_000 });
}

const uuid = "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f";
const spec = {
  uuid,
  name: "web",
  memoryMib: 64,
  vcpus: 1,
  boot: "own",
  image: "demo:debian",
  vifs: [{ index: 0, mac: "00:16:3e:4a:10:01", bridge: "demo0" }],
  vmData: {},
} as const;

for (const kind of ["namespaces", "root-tree"] as const) {
  testToolstackContract(() => start(kind), {
    assert,
    test: (name, body) => systemTest(`demo in ${kind}: ${name}`, { needs }, body),
  });
}

systemTest("a card that is plugged in is in the guest's network", { needs }, async (context) => {
  const host = await start("namespaces");
  context.after(() => host.close());
  const { toolstack } = host;
  await toolstack.create(spec);
  await toolstack.attachVif(uuid, { index: 1, mac: "00:16:3E:4A:10:02", bridge: "demo0" });
  await toolstack.detachVif(uuid, "00:16:3e:4a:10:01");
  const enter = toolstack.findGuest(uuid)?.enclosure.enterCommand;
  assert.ok(enter !== undefined);
  const links = JSON.parse(await runInside([...enter, "ip", "-j", "link"])) as {
    ifname: string;
    address: string;
  }[];
  const cards = links.filter(({ ifname }) => ifname.startsWith("eth"));
  assert.deepEqual(
    cards.map(({ ifname, address }) => [ifname, address]),
    [["eth1", "00:16:3e:4a:10:02"]],
  );
});

systemTest("who changed root in the rescued tree can set its password", { needs }, async (context) => {
  const host = await start("namespaces");
  context.after(() => host.close());
  const { toolstack } = host;
  await toolstack.create({ ...spec, image: "demo:no-agent" });
  const own = toolstack.findGuest(uuid)?.tree ?? "";
  await toolstack.destroy(uuid);
  await toolstack.create({ ...spec, boot: "rescue", image: "demo:rescue" });
  const enter = toolstack.findGuest(uuid)?.enclosure.enterCommand;
  assert.ok(enter !== undefined);
  await runInside([...enter, "chroot", RESCUED_TREE, "chpasswd"], "root:new password\n");
  assert.match(await readFile(join(own, "etc/shadow"), "utf8"), /^root:\$6\$/);
  assert.match(
    await readFile(join(toolstack.findGuest(uuid)?.tree ?? "", "etc/shadow"), "utf8"),
    /^root:\*:/,
  );
});

systemTest(
  "the console of a guest is its agent's log, and a guest without agent has none",
  { needs },
  async (context) => {
    const host = await start("root-tree");
    context.after(() => host.close());
    const { toolstack } = host;
    await toolstack.create({ ...spec, image: "demo:no-agent" });
    assert.equal(await toolstack.consoleLog(uuid), undefined);
    await toolstack.destroy(uuid);
    await toolstack.create(spec);
    await waitFor(async () => (await toolstack.consoleLog(uuid))?.includes('"Starting"'), { what: "log" });
    await toolstack.destroy(uuid);
    assert.match((await toolstack.consoleLog(uuid)) ?? "", /"Starting"/);
  },
);

/** The value of a domain's node, once it is there. */
async function awaitNode({ xenstore }: DemoUnderTest, path: string): Promise<string> {
  await waitFor(() => xenstore.exists(path), { what: path });
  return xenstore.readText(path);
}

const network = {
  label: "public",
  mac: "00:16:3E:4A:10:01",
  ips: [{ ip: "203.0.113.10", netmask: "255.255.255.0", enabled: "1" }],
};
const vmData = { hostname: "web", "networking/00163E4A1001": JSON.stringify(network) };

for (const { boot, image } of [
  { boot: "own", image: "demo:debian" },
  { boot: "rescue", image: "demo:rescue" },
] as const) {
  systemTest(
    `xe-daemon tells of the guest in ${image}, and the agent goes on when it ends`,
    { needs },
    async (context) => {
      const host = await start("namespaces");
      context.after(() => host.close());
      const { toolstack, xenstore } = host;
      if (boot === "rescue") {
        await toolstack.create({ ...spec, image: "demo:no-agent" });
        await toolstack.destroy(uuid);
      }
      const { domid } = await toolstack.create({ ...spec, boot, image, vmData });
      const home = `/local/domain/${domid}`;
      assert.match(await awaitNode(host, `${home}/data/updated`), /./);
      assert.match(await xenstore.readText(`${home}/data/os_name`), /^nova-agent demo guest/);
      assert.equal(await xenstore.readText(`${home}/data/meminfo_total`), String(spec.memoryMib * 1024));
      assert.equal(await awaitNode(host, `${home}/attr/vif/0/ipv4/0`), "203.0.113.10");
      const guest = toolstack.findGuest(uuid);
      assert.match(await readFile(join(guest?.tree ?? "", PUBLISHER_LOG), "utf8"), /"Starting xe-daemon"/);
      await guest?.publisher?.close();
      assert.deepEqual(await guest?.publisher?.ended, { status: 0, signal: null });
      const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
      assert.equal((await readVersion(connector, { domid })).version, "3.0.0");
    },
  );
}

systemTest("what the guest's doctor finds in a demo guest is true of it", { needs }, async (context) => {
  const host = await start("namespaces");
  context.after(() => host.close());
  const { domid } = await host.toolstack.create({ ...spec, vmData });
  await awaitNode(host, `/local/domain/${domid}/attr/vif/0/ipv4/0`);
  const connector = new HostConnector({ xenstore: host.xenstore, clock: nodeClock, newId: randomUUID });
  const { message } = await sendRequest(connector, { domid, request: { name: "doctor", value: "" } });
  const { findings } = JSON.parse(message) as { findings: readonly (readonly string[])[] };
  assert.deepEqual(
    findings.filter(([severity]) => severity !== "skipped").map(([severity, check]) => [severity, check]),
    [["warning", "root-password"]],
  );
});

systemTest(
  "neither a guest without agent nor one of files alone tells of the machine",
  { needs },
  async (context) => {
    for (const [kind, image] of [
      ["namespaces", "demo:no-agent"],
      ["root-tree", "demo:debian"],
    ] as const) {
      const host = await start(kind);
      context.after(() => host.close());
      await host.toolstack.create({ ...spec, image });
      assert.equal(host.toolstack.findGuest(uuid)?.publisher, undefined);
      assert.equal(host.toolstack.findGuest(uuid)?.agent === undefined, image === "demo:no-agent");
    }
  },
);

systemTest(
  "a guest that is being made when the demo ends does not outlive it",
  { needs },
  async (context) => {
    const host = await start("root-tree");
    context.after(() => host.close());
    const made = host.toolstack.create(spec);
    await host.toolstack.close();
    await Promise.allSettled([made]);
    assert.deepEqual(await host.toolstack.list(), []);
    assert.equal(await host.xenstore.exists("/local/domain/1"), false);
    await assert.rejects(host.toolstack.create(spec), { code: "TOOLSTACK_FAILED" });
  },
);

for (const state of ["is held", "was held for a while"] as const) {
  systemTest(`a guest whose agent ${state} can be shut down`, { needs }, async (context) => {
    const host = await start("namespaces");
    context.after(() => host.close());
    await host.toolstack.create(spec);
    const inside = host.toolstack.findGuest(uuid)?.enclosure.enterCommand ?? [];
    const signal = (name: string) => {
      const each =
        'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = nova-agent ] && kill -$0 ${p#/proc/}; done; true';
      return runChecked({ argv: ["env", ...inside, "sh", "-c", each, name], timeoutMs: 10_000 });
    };
    await signal("STOP");
    if (state === "was held for a while") await signal("CONT");
    await host.toolstack.shutdown(uuid, { timeoutMs: 10_000 });
    assert.deepEqual(await host.toolstack.list(), []);
  });
}

systemTest("guests that are made at the same time are domains of their own", { needs }, async (context) => {
  const host = await start("root-tree");
  context.after(() => host.close());
  const uuids = ["1", "2", "3"].map((digit) => uuid.slice(0, -1) + digit);
  const domains = await Promise.all(uuids.map((each) => host.toolstack.create({ ...spec, uuid: each })));
  for (const { domid, uuid: own } of domains) {
    assert.equal(await host.xenstore.readText(`/local/domain/${domid}/vm`), `/vm/${own}`);
  }
});
