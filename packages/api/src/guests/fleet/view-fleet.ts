import type {
  ConnectorSight,
  HourStatistics,
  Image,
  Instance,
  KindStatistics,
  OperationStatistics,
  SeenDomain,
  SlowOperation,
} from "@nova-agent/host";
import { viewStatus } from "../../compute/servers/status.ts";
import { FLEET_WINDOW_HOURS, HOUR_MS, WITHOUT_AGENT_MAX } from "../limits.ts";
import { judgeHealth, type JudgedHealth } from "../servers/agent-health.ts";

/** What the fleet is shown from. */
export interface FleetFacts {
  readonly hostName: string;
  readonly connector: ConnectorSight;
  readonly domains: readonly SeenDomain[];
  readonly instances: readonly Instance[];
  readonly images: readonly Image[];
  readonly unfinished: { readonly queued: number; readonly underWay: number };
  /** Since the beginning of an hour. */
  readonly operations: OperationStatistics;
  readonly since: Date;
  readonly now: Date;
}

interface Judged {
  readonly instance: Instance;
  readonly judged: JudgedHealth;
}

/** The fleet in the JSON of the service. */
export function viewFleet(facts: FleetFacts): object {
  const { hostName, connector, domains, instances, unfinished } = facts;
  const known = new Set(instances.map(({ id }) => id));
  const unknown = domains.filter(({ uuid }) => uuid === undefined || !known.has(uuid));
  const all = judgeAll(facts);
  return {
    host: { name: hostName, domains: domains.length, domains_unknown: unknown.length },
    connector: {
      state: connector.state,
      since: connector.since?.toISOString() ?? null,
      queued: unfinished.queued,
      under_way: unfinished.underWay,
    },
    servers: {
      total: instances.length,
      by_status: Object.fromEntries(countBy(all, ({ instance }) => viewStatus(instance))),
      by_health: Object.fromEntries(countBy(all, ({ judged }) => judged.health)),
    },
    agents: countBy(all, ({ instance }) => instance.agentVersion).map(([version, count]) => ({
      version,
      count,
    })),
    without_agent: all.filter(isWithoutAgent).slice(0, WITHOUT_AGENT_MAX).map(viewWithoutAgent),
    operations: viewOperations(facts),
  };
}

function judgeAll({ instances, images, now }: FleetFacts): readonly Judged[] {
  const byId = new Map(images.map((image) => [image.id, image]));
  return instances.map((instance) => {
    const image = byId.get(instance.rescueImageId ?? instance.imageId);
    return { instance, judged: judgeHealth(instance, { image, now }) };
  });
}

/** How many there are of each, the most first. */
function countBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): readonly (readonly [Key, number])[] {
  const counts = new Map<Key, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left);
}

/** That runs, and whose agent nobody can ask. */
function isWithoutAgent({ judged }: Judged): boolean {
  return judged.health === "none" || judged.health === "silent";
}

function viewWithoutAgent({ instance: { id, name }, judged: { reason } }: Judged): object {
  return { id, name, reason };
}

function viewOperations({ operations, since }: FleetFacts): object {
  return {
    window_hours: FLEET_WINDOW_HOURS,
    by_kind: operations.byKind.map(viewKind),
    by_hour: viewHours(operations.byHour, since),
    slowest: operations.slowest.map(viewSlow),
  };
}

function viewKind({ kind, done, failed, timedOut, medianMs, p95Ms }: KindStatistics): object {
  return { kind, done, failed, timed_out: timedOut, median_ms: whole(medianMs), p95_ms: whole(p95Ms) };
}

/** Every hour, also one in which nothing was asked. */
function viewHours(byHour: readonly HourStatistics[], since: Date): readonly object[] {
  const known = new Map(byHour.map((hour) => [hour.at.getTime(), hour]));
  return Array.from({ length: FLEET_WINDOW_HOURS }, (_, index) => {
    const at = new Date(since.getTime() + index * HOUR_MS);
    const { done = 0, failed = 0 } = known.get(at.getTime()) ?? {};
    return { at: at.toISOString(), done, failed };
  });
}

function viewSlow(operation: SlowOperation): object {
  const { id, kind, instanceId, instanceName, durationMs, state, createdAt } = operation;
  return {
    id,
    kind,
    server_id: instanceId,
    server_name: instanceName ?? "",
    duration_ms: whole(durationMs),
    state,
    created_at: createdAt.toISOString(),
  };
}

function whole(durationMs: number | null): number | null {
  return durationMs === null ? null : Math.round(durationMs);
}
