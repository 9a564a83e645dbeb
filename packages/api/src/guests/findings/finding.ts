import type { FindingSeverity, GuestSight, Image, Instance, Operation } from "@nova-agent/host";
import type { ComparedCard } from "../network/compare-network.ts";

/** What the host side knows of a server, to look for what is wrong. */
export interface FindingFacts {
  readonly instance: Instance;
  /** What runs in it: its own image, or the one that it is rescued with. */
  readonly image: Pick<Image, "name" | "hasAgent"> | undefined;
  /** Undefined without a domain. */
  readonly sight: GuestSight | undefined;
  readonly cards: readonly ComparedCard[];
  /** What its guest was asked, the newest first. */
  readonly operations: readonly Operation[];
  readonly now: Date;
}

/** What a look found: short lines in plain words. */
export interface Found {
  readonly severity: FindingSeverity;
  readonly what: string;
  /** What to do; empty where there is nothing to do. */
  readonly fix: string;
}

/** What a check found, at the host or in the guest. */
export interface Finding extends Found {
  readonly where: "host" | "guest";
  /** Name of the check. */
  readonly check: string;
}

/** One thing that is looked at: a pure map from facts to findings. */
export interface Check {
  readonly name: string;
  readonly look: (facts: FindingFacts) => readonly Found[];
}

/** All is well. */
export function ok(what: string): Found {
  return { severity: "ok", what, fix: "" };
}

/** It could not be looked at. */
export function skipped(what: string): Found {
  return { severity: "skipped", what, fix: "" };
}

/** It works, or may work, and should be otherwise. */
export function warning(what: string, fix: string): Found {
  return { severity: "warning", what, fix };
}

/** It does not work. */
export function problem(what: string, fix: string): Found {
  return { severity: "problem", what, fix };
}
