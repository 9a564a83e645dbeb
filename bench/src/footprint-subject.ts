import type { Memory } from "./process-facts.ts";

/** A program whose footprint is measured. */
export interface Subject {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** What has to be on the disk for it, in bytes. */
  readonly sizeBytes: number;
  /** How it tells that it is ready: by sd_notify(3), or in its log. */
  readonly readiness: "socket" | "log";
  /** Whether it answers requests; what only holds its imports does not. */
  readonly isAgent: boolean;
}

/** How much is measured. */
export interface Amounts {
  readonly starts: number;
  readonly requests: number;
  /** How long it is left alone before its memory counts. */
  readonly restMs: number;
  readonly idleMs: number;
  /** Requests until the growth is counted from, and until it is counted to. */
  readonly growthRequests: readonly [number, number];
}

/** What the program in the guest is told. */
export interface FootprintTask {
  readonly subjects: readonly Subject[];
  readonly amounts: Amounts;
  /** The program that measures starts. */
  readonly readyTime: string;
}

/** What was measured of one subject; what does not apply is absent. */
export interface Footprint {
  readonly name: string;
  readonly sizeBytes: number;
  readonly startsMs: readonly number[];
  readonly atRest: Memory;
  readonly idleSleeps: number;
  readonly afterRequests?: Memory;
  readonly afterReset?: Memory;
  readonly roundTripsMs?: readonly number[];
  readonly growthRssKib?: readonly [number, number];
}
