import { HostError } from "../errors.ts";
import { FINDING_MAX_CHARACTERS, FINDINGS_MAX, FINDINGS_MESSAGE_MAX_CHARACTERS } from "../limits.ts";

/** How bad a finding is; `skipped` could not be looked at. */
export type FindingSeverity = "problem" | "warning" | "skipped" | "ok";

/** What the doctor of a guest's agent found. The guest's own words: anything printable may be in them. */
export interface GuestFinding {
  readonly severity: FindingSeverity;
  /** Name of the check, such as `disk`; `doctor` for what is told of the examination itself. */
  readonly check: string;
  readonly what: string;
  /** The command that mends it, or what to do; empty where there is nothing to mend. */
  readonly fix: string;
}

const severities: readonly FindingSeverity[] = ["problem", "warning", "skipped", "ok"];

const CHECK_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** What is shown in place of letters that would steer a terminal, or the direction of a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * The findings in the message of a `doctor` reply (nova-agent's README, "Doctor"), the worst first, and last
 * how many had no room in it and how often all was well. Throws GUEST_UNSUPPORTED for an empty message, with
 * which agents answer what they do not know, and GUEST_BAD_REPLY for anything else.
 */
export function parseFindings(message: string): readonly GuestFinding[] {
  if (message === "") throw unknownToAgent();
  const report = message.length > FINDINGS_MESSAGE_MAX_CHARACTERS ? undefined : parseObject(message);
  const [rows, ok, leftOut] = [report?.["findings"], report?.["ok"], report?.["left_out"]];
  if (!Array.isArray(rows) || rows.length > FINDINGS_MAX || !isCount(ok) || !isCount(leftOut)) {
    throw badReply();
  }
  const findings = rows.map(parseFinding);
  const ranked = severities.flatMap((rank) => findings.filter(({ severity }) => severity === rank));
  return [...ranked, ...tellLeftOut(leftOut), ...tellWell(ok)];
}

/** The refusal of an agent that does not know the command as what it is; every other error as it is. */
export function orUnsupported(error: unknown): unknown {
  const isUnknown = error instanceof HostError && error.facts.returncode === NO_SUCH_COMMAND;
  return isUnknown ? unknownToAgent(error) : error;
}

const NO_SUCH_COMMAND = "404";

function unknownToAgent(cause?: HostError): HostError {
  const text = "The guest's agent has no doctor to ask; nova-agent has one from 3.0.0 on";
  return new HostError("GUEST_UNSUPPORTED", text, { ...cause?.facts, command: "doctor", cause });
}

function badReply(): HostError {
  const text = 'The guest answered "doctor" with something that is no list of findings';
  return new HostError("GUEST_BAD_REPLY", text, { command: "doctor" });
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FINDINGS_MAX;
}

function parseFinding(row: unknown): GuestFinding {
  if (!Array.isArray(row) || row.length !== 4) throw badReply();
  const [word, check, what, fix]: readonly unknown[] = row;
  const severity = severities.find((known) => known === word);
  const isName = typeof check === "string" && CHECK_NAME.test(check);
  if (severity === undefined || !isName || typeof what !== "string" || typeof fix !== "string") {
    throw badReply();
  }
  return { severity, check, what: printable(what), fix: printable(fix) };
}

function printable(text: string): string {
  return text.slice(0, FINDING_MAX_CHARACTERS).replaceAll(UNPRINTABLE, "\u{FFFD}");
}

function tellLeftOut(count: number): readonly GuestFinding[] {
  if (count === 0) return [];
  const what = `The guest's answer had no room for ${count} more ${count === 1 ? "finding" : "findings"}`;
  return [{ severity: "warning", check: "doctor", what, fix: "Run nova-agent doctor in the guest" }];
}

function tellWell(count: number): readonly GuestFinding[] {
  if (count === 0) return [];
  const what = `${count} ${count === 1 ? "look found" : "looks found"} all well`;
  return [{ severity: "ok", check: "doctor", what, fix: "" }];
}
