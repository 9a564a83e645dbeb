import assert from "node:assert/strict";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { XlToolstack, type XlImage } from "../../../src/adapters/xl/index.ts";
import type { DomainSpec } from "../../../src/index.ts";
import {
  type DiskToolstackUnderTest,
  testDiskContract,
  testToolstackContract,
} from "../../../src/testing/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { FAKE_MOUNT, FakeXl } from "./fake-xl.ts";

const uuid = "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f";
const spec: DomainSpec = {
  uuid,
  name: "web",
  memoryMib: 64,
  vcpus: 1,
  boot: "own",
  image: "debian",
  vifs: [{ index: 0, mac: "00:16:3e:4a:10:01", bridge: "xenbr0" }],
  vmData: { hostname: "web" },
};

interface XlUnderTest extends DiskToolstackUnderTest {
  readonly xl: FakeXl;
  readonly directory: string;
  /** A toolstack as another process would open it. */
  readonly reopen: () => XlToolstack;
}

async function start(): Promise<XlUnderTest> {
  const directory = await makeTemporaryDirectory();
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  const xl = new FakeXl(xenstore, (domid) => server.domainSocketPath(domid));
  await writeFile(join(directory, "image"), "{}");
  const disk = { path: join(directory, "image"), format: "raw", layout: "whole" } as const;
  const image: XlImage = { type: "pvh", boot: { kind: "pygrub" }, disk };
  const reopen = () =>
    new XlToolstack({
      xenstore,
      images: { debian: image, rescue: image },
      configDirectory: join(directory, "config"),
      diskDirectory: join(directory, "disks"),
      consoleDirectory: directory,
      runProgram: xl.runProgram,
    });
  return {
    xl,
    directory,
    reopen,
    toolstack: reopen(),
    xenstore,
    clock: nodeClock,
    images: { own: "debian", rescue: "rescue" },
    memoryMib: 64,
    bridge: "xenbr0",
    bootTimeoutMs: 10_000,
    readGuestFile: ({ domid }, path) => xl.readGuestFile(domid, path),
    rescuedPath: (_guest, path) => Promise.resolve(FAKE_MOUNT + path),
    diskPath: join(directory, "data.img"),
    awaitDevice: async ({ domid }, device, isThere) =>
      assert.equal(xl.diskOf(domid, device) !== undefined, isThere),
    async close() {
      await xl.close();
      await xenstore.close();
      await server.close();
      await removeDirectory(directory);
    },
  };
}

const tools = {
  assert,
  test: (name: string, body: () => Promise<void>) => void test(`xl: ${name}`, body),
};
testToolstackContract(start, tools);
testDiskContract(start, tools);

function xlTest(name: string, body: (host: XlUnderTest) => Promise<void>): void {
  void test(name, async () => {
    const host = await start();
    try {
      await body(host);
    } finally {
      await host.close();
    }
  });
}

xlTest("a domain has its vm-data before it runs", async ({ xl, toolstack, xenstore }) => {
  const atUnpause: string[] = [];
  xl.onCall = async ([command]) => {
    if (command === "unpause") atUnpause.push(await xenstore.readText("/local/domain/1/vm-data/hostname"));
  };
  await toolstack.create(spec);
  assert.deepEqual(atUnpause, ["web"]);
  assert.deepEqual(xl.calls.map(([command, option]) => [command, option].join(" ")).slice(1), [
    "create -p",
    "domid web-5e0a7a1e",
    "unpause 1",
  ]);
});

xlTest("a domain that could not be let run is ended", async ({ xl, toolstack, xenstore }) => {
  xl.failing = "unpause";
  await assert.rejects(toolstack.create(spec), hasCode("TOOLSTACK_FAILED"));
  assert.deepEqual(await toolstack.list(), []);
  assert.equal(await xenstore.exists("/local/domain/1"), false);
});

xlTest(
  "a domain whose maker was killed on the way is made anew",
  async ({ xl, toolstack, reopen, directory }) => {
    await toolstack.create(spec);
    const path = join(directory, "config", `${uuid}.json`);
    const record = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...record, isStarting: true }));
    assert.equal(await reopen().find(uuid), undefined);
    const again = await reopen().create(spec);
    assert.equal(again.domid, 2);
    assert.deepEqual(await toolstack.list(), [again]);
    assert.ok(xl.calls.some(([command, domid]) => command === "destroy" && domid === "1"));
  },
);

xlTest("another process goes on with a domain and its cards", async ({ toolstack, reopen, xenstore }) => {
  await toolstack.create(spec);
  await toolstack.attachVif(uuid, { index: 3, mac: "00:16:3e:4a:10:04", bridge: "xenbr0" });
  const { domid } = await reopen().reboot(uuid, "hard");
  assert.equal(await xenstore.readText(`/local/domain/${domid}/device/vif/3/mac`), "00:16:3e:4a:10:04");
});

xlTest("a disk that xl does not take away stays", async ({ xl, toolstack, directory }) => {
  const disk = { device: "xvdd", path: join(directory, "data.img"), format: "raw" } as const;
  await toolstack.create(spec);
  await toolstack.attachDisk(uuid, disk);
  xl.failing = "block-detach";
  await assert.rejects(toolstack.detachDisk(uuid, "xvdd"), hasCode("TOOLSTACK_FAILED"));
  const { domid } = await toolstack.reboot(uuid, "hard");
  assert.equal(xl.diskOf(domid, "xvdd"), disk.path);
});

xlTest("files are for their owner alone and hold no vm-data", async ({ toolstack, directory }) => {
  await toolstack.create({ ...spec, vmData: { hostname: "web", secret: "xyzzy" } });
  for (const name of [`${uuid}.cfg`, `${uuid}.json`]) {
    const path = join(directory, "config", name);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(path, "utf8"), /xyzzy/);
  }
  assert.equal((await stat(join(directory, "config"))).mode & 0o777, 0o700);
});

xlTest("a disk that was not copied to its end is copied again", async ({ toolstack, directory }) => {
  const home = join(directory, "disks", uuid);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "own.img.new"), "half of an ima");
  await toolstack.create(spec);
  assert.deepEqual(await readdir(home), ["own.img"]);
  assert.equal(await readFile(join(home, "own.img"), "utf8"), "{}");
});

xlTest("an image that cannot be copied leaves no disk and no domain", async ({ toolstack, directory }) => {
  await rm(join(directory, "image"));
  await assert.rejects(toolstack.create(spec), hasCode("TOOLSTACK_FAILED", /cp/));
  assert.deepEqual(await readdir(join(directory, "disks", uuid)), []);
  assert.deepEqual(await toolstack.list(), []);
});

xlTest("the console is xenconsoled's log, where it keeps one", async ({ toolstack, directory }) => {
  assert.equal(await toolstack.consoleLog(uuid), undefined);
  await toolstack.create(spec);
  assert.equal(await toolstack.consoleLog(uuid), undefined);
  await writeFile(join(directory, "guest-web-5e0a7a1e.log"), `${"x".repeat(300_000)}\nlogin: `);
  const log = (await toolstack.consoleLog(uuid)) ?? "";
  assert.equal(log.length, 262_144);
  assert.ok(log.endsWith("login: "));
});
