import type { Log } from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { checkHealth, type Dependency } from "./health.ts";
import type { Metrics } from "./metrics.ts";

export interface MonitoringOptions {
  readonly dependencies: readonly Dependency[];
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What machines ask that watch over the service, on a port of its own, so that it is reached from where the
 * operator wants and the API's users see nothing of it: `GET /healthz` (200, or 503 and what does not answer)
 * and `GET /metrics` (Prometheus, "Text-based format"). To be served with `serve` of `@nova-agent/api`.
 */
export function createMonitoring(options: MonitoringOptions): { fetch(request: Request): Promise<Response> } {
  return { fetch: (request) => answer(options, request) };
}

/** What has to answer for the API to be of use. */
export function dependenciesOf({
  database,
  xenstore,
}: {
  readonly database: Pick<Database, "statistics">;
  readonly xenstore: Pick<XenstoreClient, "exists">;
}): readonly Dependency[] {
  return [
    { name: "database", check: () => database.statistics.ping() },
    { name: "xenstore", check: () => xenstore.exists("/local/domain") },
  ];
}

async function answer(
  { dependencies, metrics, clock, log }: MonitoringOptions,
  { method, url }: Request,
): Promise<Response> {
  const { pathname } = new URL(url);
  if (pathname !== "/healthz" && pathname !== "/metrics") return respond(404, "There is nothing here\n");
  if (method !== "GET" && method !== "HEAD") return respond(405, "Use GET\n", { Allow: "GET, HEAD" });
  if (pathname === "/healthz") {
    const { isHealthy, checks } = await checkHealth(dependencies, clock);
    const text = JSON.stringify({ status: isHealthy ? "ok" : "failing", checks });
    return respond(isHealthy ? 200 : 503, `${text}\n`, { "Content-Type": "application/json" });
  }
  try {
    return respond(200, await metrics.render(), { "Content-Type": metrics.contentType });
  } catch (error) {
    log.error("metrics not collected", { error: error instanceof Error ? error.message : String(error) });
    return respond(503, "The database does not answer; the log has the reason\n");
  }
}

function respond(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  const common = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(text, { status, headers: { ...common, ...headers } });
}
