import { randomUUID } from "node:crypto";
import { type ApiServer, createApi, serve } from "@nova-agent/api";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import type { Closers } from "../closers.ts";
import type { ControlOptions } from "./command-line.ts";
import { ControlError } from "../errors.ts";
import type { HostSide } from "./host-side.ts";
import { createMetrics } from "../metrics.ts";
import { servePanel } from "../panel.ts";
import { createMonitoring, dependenciesOf } from "../monitoring.ts";
import type { ServiceLog } from "../service-log.ts";

/** What is served, and what ends it. */
type ServedDemo = Pick<HostSide, ApiPart> & {
  readonly xenstore: XenstoreClient;
  readonly serviceLog: ServiceLog;
  readonly closers: Closers;
};

type ApiPart = "database" | "changes" | "instances" | "observation" | "operations";

/** Where the demo is asked. */
export interface DemoServers {
  readonly apiUrl: string;
  /** Of `/healthz` and `/metrics`; undefined where they are not wanted. */
  readonly monitoringUrl: string | undefined;
}

/**
 * Serves panel and API, and health and metrics when asked to, to this machine alone. Throws API_NOT_STARTED and
 * PANEL_NOT_BUILT.
 */
export async function startServers(
  { xenstore, serviceLog: { log }, closers, ...host }: ServedDemo,
  { port, monitoringPort }: Pick<ControlOptions, "port" | "monitoringPort">,
): Promise<DemoServers> {
  const metrics = createMetrics(host.database);
  const common = { now: () => new Date(), newId: randomUUID, clock: nodeClock, log };
  const api = createApi({ ...host, ...common, onAnswered: metrics.observe });
  const listen = async (served: Parameters<typeof serve>[0]["api"], option: PortOption) => {
    const server = await listenAt(served, option);
    closers.add(() => server.close());
    return server.url;
  };
  const apiUrl = await listen(await openPanel(api), { name: "--port", port });
  if (monitoringPort === undefined) return { apiUrl, monitoringUrl: undefined };
  const dependencies = dependenciesOf({ database: host.database, xenstore });
  const monitoring = createMonitoring({ dependencies, metrics, clock: nodeClock, log });
  const option = { name: "--monitoring-port", port: monitoringPort };
  return { apiUrl, monitoringUrl: await listen(monitoring, option) };
}

async function openPanel(api: Parameters<typeof servePanel>[0]): ReturnType<typeof servePanel> {
  try {
    return await servePanel(api);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError("PANEL_NOT_BUILT", words, { wayOut: "npm run build makes them", cause });
  }
}

/** A port, and how it was asked for. */
interface PortOption {
  readonly name: string;
  readonly port: number;
}

async function listenAt(
  api: Parameters<typeof serve>[0]["api"],
  { name, port }: PortOption,
): Promise<ApiServer> {
  try {
    return await serve({ api, port, hasDemoCredentials: true });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError("API_NOT_STARTED", `The API cannot listen at port ${port}: ${words}`, {
      wayOut: `Choose another port: npm start -- ${name} N; with 0 it takes a free one`,
      cause,
    });
  }
}
