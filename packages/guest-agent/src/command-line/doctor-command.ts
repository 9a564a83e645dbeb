import { examine } from "../doctor/checks.ts";
import { readDoctorFacts } from "../doctor/read-facts.ts";
import { countOf, renderReport, renderReportJson } from "../doctor/render.ts";
import { checkIsSystem } from "../system/is-system.ts";
import type { System } from "../system/system.ts";

/** What `nova-agent doctor` was asked for. */
export interface DoctorCommandOptions {
  readonly system: System;
  /** The directory under which the examined system is, `/` for the running one. */
  readonly root: string;
  /** Whose password the host sets. */
  readonly passwordUser: string;
  readonly isJson: boolean;
  readonly print: (text: string) => void;
}

/** Exit statuses: problems were found, or only warnings. */
const EXIT_PROBLEMS = 1;
const EXIT_WARNINGS = 2;

/**
 * Examines a system, prints what was found, and returns the exit status. Changes nothing. Throws
 * AGENT_BAD_SETTING where no system is.
 */
export async function runDoctorCommand(options: DoctorCommandOptions): Promise<number> {
  const { system, root, passwordUser: user, isJson, print } = options;
  checkIsSystem({ system, root });
  const facts = await readDoctorFacts({ system, root, user });
  const findings = examine(facts);
  const report = { root, version: facts.version, findings };
  print(isJson ? renderReportJson(report) : renderReport(report));
  if (countOf("problem", findings) > 0) return EXIT_PROBLEMS;
  return countOf("warning", findings) > 0 ? EXIT_WARNINGS : 0;
}
