import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProcess, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const START_TIMEOUT_MS = 60_000;

systemTest("the demo tells how to sign in, and tells no password", { needs: [] }, async (context) => {
  const directory = join(await temporaryDirectory(context), "run");
  const options = ["--guest", "root-tree", "--directory", directory];
  const demo = startProcess({ argv: [process.execPath, MAIN, ...options] });
  context.after(() => demo.stop());
  const printed = await waitFor(() => demo.stdout().includes("Ctrl-C ends") && demo.stdout(), {
    what: "demo",
    timeoutMs: START_TIMEOUT_MS,
  });
  const path = /^ {2}cat (\S+)$/m.exec(printed)?.[1] ?? "";
  const passwords = new Map(
    (await readFile(path, "utf8")).split("\n").map((line) => line.split(/ +/) as [string, string]),
  );
  for (const user of ["demo", "demo-reader", "demo-admin"]) {
    const password = passwords.get(user) ?? "";
    assert.equal(password.length, 24, user);
    assert.ok(!printed.includes(password));
  }
  const panel = /^ {2}Panel +(\S+)/m.exec(printed)?.[1] ?? "";
  const page = await fetch(panel);
  assert.match(page.headers.get("Content-Security-Policy") ?? "", /script-src 'self';/);
  assert.match(await page.text(), /<script type="module"/);
  const nothing = await fetch(`${panel}/nothing`, { headers: { accept: "application/json" } });
  assert.deepEqual([nothing.status, nothing.headers.get("Content-Type")], [404, "application/json"]);
});

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
