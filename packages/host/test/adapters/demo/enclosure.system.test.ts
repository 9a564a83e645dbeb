import assert from "node:assert/strict";
import { createServer } from "node:net";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { makeTemporaryDirectory, removeDirectory, systemTest, waitFor } from "@nova-agent/testbed";
import { makeDisk } from "../../../src/adapters/demo/disk.ts";
import type { Enclosure, EnclosureKind } from "../../../src/adapters/demo/enclosure.ts";
import { GuestProcess } from "../../../src/adapters/demo/guest-process.ts";
import { openEnclosure } from "../../../src/adapters/demo/open-enclosure.ts";
import { type Argv, runProgram } from "../../../src/adapters/demo/program.ts";

const needs = ["namespaces", "ip"] as const;
const vifs = [{ interfaceName: "eth0", index: 0, mac: "00:16:3E:00:00:01" }];

/** An agent that says that it runs, greets whoever serves XenStore, and ends on SIGTERM. */
const AGENT = `
import { connect } from "node:net";
process.on("SIGTERM", () => { console.log("asked to end"); process.exit(0); });
connect(process.env.XENSTORED_PATH).on("data", (bytes) => console.log("XenStore says " + bytes));
setInterval(() => {}, 1000);
`;

interface Setting {
  readonly directory: string;
  readonly enclosure: Enclosure;
  readonly logPath: string;
}

async function open(context: TestContext, kind: EnclosureKind): Promise<Setting> {
  const directory = await makeTemporaryDirectory();
  await writeFile(join(directory, "agent.mjs"), AGENT);
  const server = createServer((socket) => socket.end("hello"));
  const socketPath = join(directory, "dom1.sock");
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const tree = join(directory, "tree");
  await makeDisk(tree, { vifs });
  const { enclosure } = await openEnclosure(kind, {
    tree,
    socketPath,
    domid: 1,
    memoryKib: 524_288,
    vifs,
    agent: { directory, main: "agent.mjs" },
  });
  context.after(async () => {
    await enclosure.close();
    server.close();
    await removeDirectory(directory);
  });
  return { directory, enclosure, logPath: join(directory, "log") };
}

async function inside({ enclosure }: Setting, argv: Argv, stdin = ""): Promise<string> {
  assert.ok(enclosure.enterCommand !== undefined);
  return runProgram({ argv: [...enclosure.enterCommand, ...argv], stdin });
}

systemTest(
  "the guest has a root directory, host name, network and processes of its own",
  { needs },
  async (context) => {
    const setting = await open(context, "namespaces");
    assert.equal(
      await inside(setting, ["cat", "/etc/hostname", "/sys/class/net/eth0/device/nodename"]),
      "localhost\ndevice/vif/0\n",
    );
    assert.equal(await inside(setting, ["hostname"]), "localhost\n");
    const links = JSON.parse(await inside(setting, ["ip", "-j", "link"])) as {
      ifname: string;
      address: string;
    }[];
    assert.deepEqual(links.map(({ ifname }) => ifname).toSorted(), ["eth0", "lo", "vif1.0"]);
    assert.equal(links.find(({ ifname }) => ifname === "eth0")?.address, "00:16:3e:00:00:01");
    assert.equal(await inside(setting, ["cat", "/proc/1/comm"]), "cat\n");
    assert.match(await inside(setting, ["cat", "/proc/meminfo"]), /^MemTotal: +524288 kB$/m);
    assert.deepEqual(await inside(setting, ["ls", "/.old-root"]), "");
  },
);

systemTest("the guest cannot change the machine's programs", { needs }, async (context) => {
  const setting = await open(context, "namespaces");
  await assert.rejects(inside(setting, ["touch", "/usr/bin/nova-agent-test"]), /Read-only file system/);
  await assert.rejects(inside(setting, ["touch", "/opt/nova-agent/x"]), /Read-only file system/);
});

systemTest("the guest's root may set passwords in its own shadow file", { needs }, async (context) => {
  const setting = await open(context, "namespaces");
  await inside(setting, ["chpasswd"], "root:a:colon and ü\n");
  const shadow = await readFile(join(setting.directory, "tree/etc/shadow"), "utf8");
  const [, hash = ""] = shadow.split(":");
  // crypt(3) takes salt and method from a hash, and gives the same hash for the same password.
  const crypt = ["perl", "-e", "print crypt('a:colon and ü', $ARGV[0])", hash] as const;
  assert.match(hash, /^\$6\$/);
  assert.equal(await runProgram({ argv: crypt }), hash);
});

for (const kind of ["namespaces", "root-tree"] as const) {
  systemTest(
    `${kind}: the agent reaches XenStore, ends when asked, and the tree stays`,
    { needs },
    async (context) => {
      const setting = await open(context, kind);
      const agent = await GuestProcess.start(setting.enclosure, {
        program: "nova-agent",
        logPath: setting.logPath,
      });
      const read = () => readFile(setting.logPath, "utf8");
      await waitFor(async () => (await read()).includes("XenStore says hello"), { what: "greeting" });
      await agent.close();
      assert.deepEqual(await agent.ended, { status: 0, signal: null });
      assert.match(await read(), /asked to end/);
      await setting.enclosure.close();
      await setting.enclosure.close();
      assert.deepEqual((await readdir(setting.directory)).toSorted(), [
        "agent.mjs",
        "dom1.sock",
        "log",
        "tree",
      ]);
    },
  );
}
