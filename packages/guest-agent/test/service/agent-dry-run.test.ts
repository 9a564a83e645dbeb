import assert from "node:assert/strict";
import { test } from "node:test";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { POLL_INTERVAL_MS } from "../../src/limits.ts";
import type { Decision } from "../../src/workers/local-handler.ts";
import { DOMID } from "../support/agent-harness.ts";
import { withMemoryAgent } from "../support/memory-agent.ts";

const inject = JSON.stringify({ name: "injectfile", value: Buffer.from("/etc/x,y").toString("base64") });

test("a dry run hands out every decision once, and changes nothing", async () => {
  const clock = createManualClock();
  const decisions: Decision[] = [];
  const take = (decision: Decision): void => void decisions.push(decision);
  await withMemoryAgent({ clock, agent: { take } }, async ({ host, put, ready, list, system }) => {
    await ready;
    await host.write(`/local/domain/${DOMID}/data/guest/answered`, "{}");
    await put("answered", '{"name":"version"}');
    await put("inject", inject);
    await put("unknown", '{"name":"help"}');
    for (let look = 0; look < 3; look += 1) {
      clock.advance(POLL_INTERVAL_MS);
      await host.list(`/local/domain/${DOMID}/data`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await list("host"), ["answered", "inject", "unknown"]);
    assert.deepEqual(await list("guest"), ["answered"]);
    assert.deepEqual(system.files.changes, []);
    assert.deepEqual(
      decisions.map(({ requestId, command }) => [requestId, command]),
      [
        ["answered", "version"],
        ["inject", "injectfile"],
        ["unknown", undefined],
      ],
    );
    const [, file, unknown] = decisions;
    assert.ok(file !== undefined && "plan" in file);
    assert.deepEqual(
      file.plan.steps.map((step) => step.step === "writeFile" && step.path),
      ["/etc/x"],
    );
    assert.ok(unknown !== undefined && "refusal" in unknown);
    assert.equal(unknown.refusal.returncode, "404");
  });
});

async function askForKey(host: XenstoreClient): Promise<void> {
  await host.write(`/local/domain/${DOMID}/data/host/key`, '{"name":"keyinit","value":"5"}');
}

test("a dry run wipes the secrets of what it has handed out", async () => {
  const decisions: Decision[] = [];
  const take = (decision: Decision): void => void decisions.push(decision);
  await withMemoryAgent({ agent: { take }, before: askForKey }, async ({ ready, list }) => {
    await ready;
    const [decision] = decisions;
    assert.ok(decision !== undefined && "plan" in decision);
    const { exchange } = decision.plan;
    assert.ok(exchange?.kind === "start");
    assert.ok(exchange.secret.reveal().length > 0 && exchange.secret.reveal().every((byte) => byte === 0));
    assert.deepEqual(await list("host"), ["key"]);
  });
});
