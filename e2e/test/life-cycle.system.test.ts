import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isPresent, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { demoTest } from "./support/demo-test.ts";
import { firstPid, guestctl, launchDemo, runDirectory, START_TIMEOUT_MS, startDemo } from "./support/demo.ts";
import {
  machineState,
  processesInNamespace,
  processesInNamespaceOf,
  processesWith,
} from "./support/machine.ts";
import { isRootPassword } from "./support/openstack.ts";

const needs = ["namespaces", "ip"] as const;

demoTest(
  "two runs one after the other leave no process, mount, interface or file",
  { needs },
  async (cleanup) => {
    const before = await machineState();
    const directory = await runDirectory(cleanup);
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const demo = await startDemo(cleanup, { directory, guest: "namespaces" });
      const { namespace, pids } = await processesInNamespaceOf(firstPid(demo));
      assert.ok(pids.length >= 2, "the guest has a first process and an agent");
      demo.process.kill(signal);
      const { status, stderr } = await demo.process.exited;
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(await processesInNamespace(namespace), []);
      assert.deepEqual(await processesWith(directory), []);
      assert.deepEqual(await readdir(dirname(directory)), []);
    }
    assert.deepEqual(await machineState(), before);
  },
);

demoTest(
  "a killed demo takes its guest along, and the next one clears its files away",
  { needs },
  async (cleanup) => {
    const directory = await runDirectory(cleanup);
    const first = await startDemo(cleanup, { directory, guest: "namespaces" });
    const { namespace } = await processesInNamespaceOf(firstPid(first));
    first.process.kill("SIGKILL");
    await first.process.exited;
    await waitFor(async () => (await processesInNamespace(namespace)).length === 0, {
      what: "end of the guest",
    });
    const second = await startDemo(cleanup, { directory, guest: "namespaces" });
    assert.equal((await guestctl(second, ["version", "demo"])).status, 0);
    second.process.kill("SIGTERM");
    await second.process.exited;
    assert.deepEqual(await readdir(dirname(directory)), []);
  },
);

// A terminal that is closed tells every process in it, and the starter passes the signal on.
demoTest(
  "a demo that is told twice of the end of its terminal leaves nothing",
  { needs },
  async (cleanup) => {
    const directory = await runDirectory(cleanup);
    const demo = await startDemo(cleanup, { directory, guest: "namespaces" });
    demo.process.kill("SIGHUP");
    demo.process.kill("SIGHUP");
    demo.process.kill("SIGTERM");
    assert.equal((await demo.process.exited).status, 0);
    assert.deepEqual(await readdir(dirname(directory)), []);
  },
);

demoTest("a killed demo with a root tree takes its agent along", { needs: [] }, async (cleanup) => {
  const directory = await runDirectory(cleanup);
  const demo = await startDemo(cleanup, { directory, guest: "root-tree" });
  assert.notDeepEqual(await processesWith(demo.tree), []);
  demo.process.kill("SIGKILL");
  await demo.process.exited;
  await waitFor(async () => (await processesWith(demo.tree)).length === 0, { what: "end of the agent" });
});

demoTest(
  "a second instance is refused with a way out and the first one goes on",
  { needs },
  async (cleanup) => {
    const directory = await runDirectory(cleanup);
    const first = await startDemo(cleanup, { directory, guest: "namespaces" });
    const second = await launchDemo(cleanup, { directory, guest: "namespaces" }).exited;
    assert.equal(second.status, 1);
    assert.match(second.stderr, /^Error DIRECTORY_BUSY: .*process \d+.*\n .*--directory/);
    assert.equal((await guestctl(first, ["version", "demo"])).status, 0);
  },
);

// Each appears at another moment of the start.
for (const name of ["lock", "socket", "demo-guests", "demo-guests/*/disk/var/log/nova-agent.log"]) {
  demoTest(
    `a demo that is asked to end when its ${name} appears leaves nothing`,
    { needs },
    async (cleanup) => {
      const directory = await runDirectory(cleanup);
      const demo = launchDemo(cleanup, { directory, guest: "namespaces" });
      await waitFor(() => isThere(directory, name), { what: name, timeoutMs: START_TIMEOUT_MS });
      demo.kill("SIGTERM");
      const { status, stderr } = await demo.exited;
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(await processesWith(directory), []);
      assert.deepEqual(await readdir(dirname(directory)), []);
    },
  );
}

demoTest(
  "a demo that keeps its data has the same guest with the same password at the next start",
  { needs },
  async (cleanup) => {
    const data = join(await temporaryDirectory(cleanup), "data");
    const trees: string[] = [];
    for (const _start of ["first", "second"]) {
      const directory = await runDirectory(cleanup);
      const demo = await startDemo(cleanup, { directory, guest: "namespaces", data });
      trees.push(demo.tree);
      if (trees.length === 1) await guestctl(demo, ["password", "demo"], "Kept 1\n");
      demo.process.kill("SIGTERM");
      const { status, stderr } = await demo.process.exited;
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(await readdir(dirname(directory)), []);
    }
    const [first = "", second] = trees;
    assert.equal(second, first);
    assert.ok(await isRootPassword(first, "Kept 1"));
  },
);

/** Whether something is in the run directory yet; `*` stands for the id of the instance. */
async function isThere(directory: string, name: string): Promise<boolean> {
  const [above = "", below] = name.split("/*/");
  if (below === undefined) return isPresent(join(directory, name));
  const ids = await readdir(join(directory, above)).catch(() => []);
  const found = await Promise.all(ids.map((id) => isPresent(join(directory, above, id, below))));
  return found.includes(true);
}
