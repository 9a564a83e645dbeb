import type { AnsweredRequest } from "@nova-agent/api";
import type { SqlStatistics } from "@nova-agent/host/database";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { REQUEST_DURATION_BUCKETS_S } from "./limits.ts";

/** What Prometheus is told of the service. */
export interface Metrics {
  /** Counts an answer of the API. */
  readonly observe: (request: AnsweredRequest) => void;
  readonly contentType: string;
  /** The text of all of it now; throws what the database throws. */
  readonly render: () => Promise<string>;
}

/** Metrics with a registry of their own: requests, operations and instances, and the process itself. */
export function createMetrics({
  statistics,
}: {
  readonly statistics: Pick<SqlStatistics, "operations" | "instances">;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "nova_agent_api_request_duration_seconds",
    help: "Requests that the API has answered, by route and status",
    labelNames: ["route", "method", "status"] as const,
    buckets: [...REQUEST_DURATION_BUCKETS_S],
    registers,
  });
  const operations = new Gauge({
    name: "nova_agent_operations",
    help: "Operations in the ledger, by kind and state",
    labelNames: ["kind", "state"] as const,
    registers,
  });
  const instances = new Gauge({
    name: "nova_agent_instances",
    help: "Instances that are not deleted, by state",
    labelNames: ["state"] as const,
    registers,
  });
  return {
    observe: ({ route, method, status, durationMs }) =>
      requests.observe({ route, method, status }, durationMs / 1000),
    contentType: registry.contentType,
    render: async () => {
      const [byKind, byState] = await Promise.all([statistics.operations(), statistics.instances()]);
      operations.reset();
      for (const { kind, state, count } of byKind) operations.set({ kind, state }, count);
      instances.reset();
      for (const { vmState, count } of byState) instances.set({ state: vmState }, count);
      return registry.metrics();
    },
  };
}
