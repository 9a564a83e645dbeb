import type { DoctorFacts } from "./facts.ts";

/** How bad a finding is; `skipped` could not be looked at. */
export type Severity = "problem" | "warning" | "skipped" | "ok";

/** What a look found: short lines for somebody who is woken at night. */
export interface Found {
  readonly severity: Severity;
  readonly what: string;
  /** The command that mends it, or what to do; empty where there is nothing to mend. */
  readonly fix: string;
}

/** What a check found. */
export interface Finding extends Found {
  /** Name of the check. */
  readonly check: string;
}

/** One thing that is looked at: a pure map from facts to findings, at least one. */
export interface Check {
  readonly name: string;
  readonly look: (facts: DoctorFacts) => readonly Found[];
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

/** The findings, or that all is well when there are none. */
export function orOk(found: readonly Found[], what: string): readonly Found[] {
  return found.length > 0 ? found : [ok(what)];
}
