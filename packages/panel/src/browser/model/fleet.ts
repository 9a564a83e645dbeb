import * as z from "zod/mini";
import { type AgentHealth, agentHealths } from "./server.ts";
import { healthOf, statusOf, type Words } from "./words.ts";

const kind = z.object({
  kind: z.string(),
  done: z.number(),
  failed: z.number(),
  timed_out: z.number(),
  median_ms: z.nullable(z.number()),
  p95_ms: z.nullable(z.number()),
});

const hour = z.object({ at: z.string(), done: z.number(), failed: z.number() });

const slow = z.object({
  id: z.string(),
  kind: z.string(),
  server_id: z.string(),
  /** Empty when it is gone. */
  server_name: z.string(),
  duration_ms: z.number(),
  state: z.string(),
  created_at: z.string(),
});

const fleet = z.object({
  host: z.object({ name: z.string(), domains: z.number(), domains_unknown: z.number() }),
  connector: z.object({
    state: z.string(),
    since: z.nullable(z.string()),
    queued: z.number(),
    under_way: z.number(),
  }),
  servers: z.object({
    total: z.number(),
    by_status: z.record(z.string(), z.number()),
    by_health: z.record(z.string(), z.number()),
  }),
  agents: z.array(z.object({ version: z.nullable(z.string()), count: z.number() })),
  without_agent: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
  operations: z.object({
    window_hours: z.number(),
    by_kind: z.array(kind),
    by_hour: z.array(hour),
    slowest: z.array(slow),
  }),
});

export const fleetAnswer = z.object({ fleet });

/** How the host, its guests and what is asked of them are. */
export type Fleet = z.output<typeof fleet>;
export type FleetKind = z.output<typeof kind>;
export type FleetHour = z.output<typeof hour>;
export type SlowOperation = z.output<typeof slow>;

/** One of several that are counted. */
export interface Share extends Words {
  readonly key: string;
  readonly count: number;
}

/** Servers by their status, the most first. */
export function statusShares({ servers }: Pick<Fleet, "servers">): readonly Share[] {
  const shares = Object.entries(servers.by_status).map(([status, count]) => ({
    key: status,
    count,
    ...statusOf({ status, task_state: null }),
  }));
  return mostFirst(shares);
}

/** Servers by how their agents are, in the order of need. */
export function healthShares({ servers }: Pick<Fleet, "servers">): readonly Share[] {
  return agentHealths
    .map((health: AgentHealth) => ({
      key: health,
      count: servers.by_health[health] ?? 0,
      ...healthOf(health),
    }))
    .filter(({ count }) => count > 0);
}

/** Agents by their version, the most first. */
export function versionShares({ agents }: Pick<Fleet, "agents">): readonly Share[] {
  return mostFirst(
    agents.map(({ version, count }) => ({
      key: version ?? "",
      count,
      text: version ?? "Not known",
      tone: "quiet",
    })),
  );
}

function mostFirst(shares: readonly Share[]): readonly Share[] {
  return shares.toSorted((one, other) => other.count - one.count || one.text.localeCompare(other.text));
}

/** How many of a kind did not do what they were for, between 0 and 1; undefined where none has ended. */
export function failureRate({ done, failed, timed_out: timedOut }: FleetKind): number | undefined {
  const ended = done + failed + timedOut;
  return ended === 0 ? undefined : (failed + timedOut) / ended;
}

/** Such as "12 %"; what is little is not told as none. */
export function formatRate(rate: number | undefined): string {
  if (rate === undefined) return "–";
  if (rate > 0 && rate < 0.01) return "under 1 %";
  return `${rate < 1 && rate > 0.99 ? 99 : Math.round(100 * rate)} %`;
}

const HOUR_MS = 3_600_000;

/** Every hour up to now, also those in which nothing was asked, the first first. */
export function fillHours(
  hours: readonly FleetHour[],
  { count, now }: { readonly count: number; readonly now: Date },
): readonly FleetHour[] {
  const byHour = new Map(hours.map((one) => [hourOf(new Date(one.at)), one]));
  const last = hourOf(now);
  return Array.from({ length: count }, (_, index) => {
    const own = last - count + 1 + index;
    const { done, failed } = byHour.get(own) ?? { done: 0, failed: 0 };
    return { at: new Date(own * HOUR_MS).toISOString(), done, failed };
  });
}

function hourOf(date: Date): number {
  return Math.floor(date.getTime() / HOUR_MS);
}

/** All of the hours in a sentence, for those who do not see the chart. */
export function describeHours(hours: readonly FleetHour[]): string {
  const done = sum(hours.map((one) => one.done));
  const failed = sum(hours.map((one) => one.failed));
  if (done + failed === 0) return `Nothing was asked of guests in the last ${hours.length} hours.`;
  return `In the last ${hours.length} hours ${done} were done and ${failed} failed.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
