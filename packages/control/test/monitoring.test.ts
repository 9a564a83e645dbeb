import assert from "node:assert/strict";
import test from "node:test";
import type { Log } from "@nova-agent/host";
import type { Clock } from "@nova-agent/xenstore";
import type { Dependency } from "../src/health.ts";
import { createMetrics } from "../src/metrics.ts";
import { createMonitoring } from "../src/monitoring.ts";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Whatever waits for it waits no longer. */
const impatient: Clock = {
  nowMs: () => 0,
  after: (_delayMs, callback) => {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};

const statistics = {
  operations: async () => [{ kind: "password", state: "done", count: 3 } as const],
  instances: async () => [{ vmState: "active", count: 2 } as const],
};

function monitoring(dependencies: readonly Dependency[] = [], counted: Partial<typeof statistics> = {}) {
  const metrics = createMetrics({ statistics: { ...statistics, ...counted } });
  const api = createMonitoring({ dependencies, metrics, clock: impatient, log: silent });
  const get = (path: string, method = "GET") => api.fetch(new Request(`http://127.0.0.1${path}`, { method }));
  return { metrics, get };
}

test("a service whose parts answer is healthy", async () => {
  const { get } = monitoring([{ name: "database", check: async () => undefined }]);
  const response = await get("/healthz");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: "ok", checks: { database: "ok" } });
});

test("what fails and what does not answer in time is named", async () => {
  const { get } = monitoring([
    { name: "database", check: () => new Promise(() => undefined) },
    { name: "xenstore", check: () => Promise.reject(new Error("The connection is closed")) },
    { name: "disk", check: async () => undefined },
  ]);
  const response = await get("/healthz");
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), {
    status: "failing",
    checks: {
      database: "no answer within 2000 ms",
      xenstore: "The connection is closed",
      disk: "ok",
    },
  });
});

test("requests, operations, instances and the process are counted", async () => {
  const { get, metrics } = monitoring();
  metrics.observe({ route: "showServer", method: "GET", status: 200, durationMs: 30 });
  const response = await get("/metrics");
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain; version=/);
  const text = await response.text();
  const labels = 'route="showServer",method="GET",status="200"';
  for (const line of [
    `nova_agent_api_request_duration_seconds_bucket{le="0.025",${labels}} 0`,
    `nova_agent_api_request_duration_seconds_bucket{le="0.05",${labels}} 1`,
    `nova_agent_api_request_duration_seconds_count{${labels}} 1`,
    'nova_agent_operations{kind="password",state="done"} 3',
    'nova_agent_instances{state="active"} 2',
  ])
    assert.ok(text.includes(`${line}\n`), line);
  assert.match(text, /^process_resident_memory_bytes \d/m);
});

test("a database that fails costs the metrics a 503 and tells nothing more", async () => {
  const { get } = monitoring([], { operations: () => Promise.reject(new Error("secret reason")) });
  const response = await get("/metrics");
  assert.equal(response.status, 503);
  assert.doesNotMatch(await response.text(), /secret/);
});

test("other paths and methods are refused", async () => {
  const { get } = monitoring();
  assert.equal((await get("/")).status, 404);
  const response = await get("/metrics", "POST");
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("Allow"), "GET, HEAD");
});
