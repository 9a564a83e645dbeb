import type { Footprint } from "./footprint-subject.ts";
import type { Memory } from "./process-facts.ts";

/** One line of the result: a figure of each subject, and what the first subject's is to be at most. */
export interface FigureRow {
  readonly title: string;
  readonly aim?: number;
  /** Undefined where it does not apply. */
  readonly figure: (footprint: Footprint) => number | undefined;
}

const KIB_PER_MB = 1000 / 1.024;
const BYTES_PER_MB = 1e6;

/** Aims in MB: memory in all, and what is the process's own. */
const RSS_AIM_MB = 1.5;
const PRIVATE_DIRTY_AIM_MB = 0.6;

/** For each poll: the time that has come, and the answer of XenStore. */
const SLEEPS_PER_POLL = 2;
const POLL_INTERVAL_MS = 10_000;

/** Pages of 4 KiB that may come and go. */
const GROWTH_AIM_KIB = 16;

/** The lines of the result. */
export function figureRows(idleMs: number): readonly FigureRow[] {
  const polls = Math.ceil(idleMs / POLL_INTERVAL_MS);
  return [
    { title: "on the disk, MB", aim: 1.2, figure: ({ sizeBytes }) => sizeBytes / BYTES_PER_MB },
    ...memoryRows("at rest", ({ atRest }) => atRest),
    ...memoryRows("after requests", ({ afterRequests }) => afterRequests),
    ...memoryRows("after resetnetwork", ({ afterReset }) => afterReset),
    { title: "start to ready, ms, median", aim: 5, figure: ({ startsMs }) => quantile(startsMs, 0.5) },
    {
      title: "version, ms, median",
      figure: ({ roundTripsMs }) => roundTripsMs && quantile(roundTripsMs, 0.5),
    },
    { title: "version, ms, p99", figure: ({ roundTripsMs }) => roundTripsMs && quantile(roundTripsMs, 0.99) },
    {
      title: `woken in ${idleMs / 1000} s of rest`,
      aim: polls * SLEEPS_PER_POLL,
      figure: ({ idleSleeps }) => idleSleeps,
    },
    {
      title: "growth of RSS, MB",
      aim: GROWTH_AIM_KIB / KIB_PER_MB,
      figure: ({ growthRssKib }) => growthRssKib && (growthRssKib[1] - growthRssKib[0]) / KIB_PER_MB,
    },
  ];
}

function memoryRows(when: string, of: (footprint: Footprint) => Memory | undefined): FigureRow[] {
  const row = (what: string, key: keyof Memory, aim?: number): FigureRow => ({
    title: `${what} ${when}, MB`,
    ...(aim === undefined ? {} : { aim }),
    figure: (footprint) => {
      const memory = of(footprint);
      return memory && memory[key] / KIB_PER_MB;
    },
  });
  return [
    row("RSS", "rssKib", RSS_AIM_MB),
    row("PSS", "pssKib"),
    row("private dirty", "privateDirtyKib", PRIVATE_DIRTY_AIM_MB),
  ];
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}
