import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProcess, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const START_TIMEOUT_MS = 60_000;

systemTest("the demo serves its health and counts where it is asked to", { needs: [] }, async (context) => {
  const directory = join(await temporaryDirectory(context), "run");
  const options = ["--guest", "root-tree", "--monitoring-port", "0"];
  const demo = startProcess({ argv: [process.execPath, MAIN, "--directory", directory, ...options] });
  context.after(() => demo.stop());
  const url = await waitFor(() => /Monitoring (\S+)\/metrics/.exec(demo.stdout())?.[1], {
    what: "demo",
    timeoutMs: START_TIMEOUT_MS,
  });
  const health = await fetch(`${url}/healthz`);
  assert.deepEqual(await health.json(), { status: "ok", checks: { database: "ok", xenstore: "ok" } });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^nova_agent_instances\{state="active"\} 1$/m);
});
