import * as z from "zod/mini";
import { guestText } from "./guest-text.ts";
import type { Words } from "./words.ts";

const severities = ["problem", "warning", "skipped", "ok"] as const;

const finding = z.object({
  where: z.enum(["host", "guest"]),
  check: z.string(),
  severity: z.enum(severities),
  what: guestText,
  fix: guestText,
});

export const findingsAnswer = z.object({ findings: z.array(finding) });
export const examinationAnswer = z.object({
  findings: z.array(finding),
  guest: z.enum(["answered", "silent", "none", "unsupported", "refused"]),
  words: guestText,
});

/** What was found of a guest, from the host or by the guest's own doctor. */
export type Finding = z.output<typeof finding>;
/** What was found when the guest was asked as well, and whether it answered. */
export type Examination = z.output<typeof examinationAnswer>;

const severityWords: Readonly<Record<Finding["severity"], Words>> = {
  problem: { text: "Problem", tone: "bad" },
  warning: { text: "Warning", tone: "warn" },
  skipped: { text: "Not looked at", tone: "quiet" },
  ok: { text: "Well", tone: "good" },
};

export function severityOf({ severity }: Finding): Words {
  return severityWords[severity];
}

/** The worst first. */
export function rankFindings(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((each) => each.severity === severity));
}

/** All findings in a few words. */
export function summarize(findings: readonly Finding[]): Words {
  const problems = findings.filter(({ severity }) => severity === "problem").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  const parts = [count(problems, "problem"), count(warnings, "warning")].filter((part) => part !== "");
  if (parts.length > 0) return { text: parts.join(", "), tone: problems > 0 ? "bad" : "warn" };
  return findings.length === 0
    ? { text: "Nothing found", tone: "quiet" }
    : { text: "All is well", tone: "good" };
}

/** Commands begin small, such as `systemctl restart nova-agent`; what is to be done by hand is a sentence. */
export function isCommand(fix: string): boolean {
  return /^[a-z/]/u.test(fix);
}

function count(number: number, what: string): string {
  if (number === 0) return "";
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
