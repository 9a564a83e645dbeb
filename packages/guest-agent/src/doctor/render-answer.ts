import { encodeUtf8 } from "@nova-agent/xenstore";
import { REPLY_MAX_BYTES } from "../limits.ts";
import { printable } from "../printable.ts";
import type { Finding, Severity } from "./finding.ts";
import { TOLD_MAX_CHARACTERS } from "./limits.ts";
import { countOf, oneLine, type Report } from "./render.ts";

/** A finding as the host is told it: severity, check, what, fix. */
type ToldFinding = readonly [severity: Severity, check: string, what: string, fix: string];

/** The parts of an answer in which `leftOut` findings had no room. */
interface Told {
  readonly version: string;
  readonly findings: readonly ToldFinding[];
  /** How many checks found all well. */
  readonly ok: number;
  readonly leftOut: number;
}

const ELSEWHERE = "Run nova-agent doctor in the guest";

/**
 * The message that answers the host's `doctor`: JSON with the agent's version, the number of findings that
 * all is well, the number of others that had no room, and those that had, each as
 * `[severity, check, what, fix]` and the worst first. Fits into one answer. Of what is very long the end is
 * left out, never a part of a word or of a command.
 */
export function renderAnswer({ version, findings }: Omit<Report, "root">): string {
  const others = findings.filter(({ severity }) => severity !== "ok").map(tellFinding);
  const whole = { version, ok: countOf("ok", findings) };
  let told: readonly ToldFinding[] = [];
  for (const finding of others) {
    const more = [...told, finding];
    // Counted as if all the rest were left out: the number never gets longer.
    if (isSentWhole(encodeTold({ ...whole, findings: more, leftOut: others.length }))) told = more;
  }
  return encodeTold({ ...whole, findings: told, leftOut: others.length - told.length });
}

function encodeTold({ version, ok, leftOut, findings }: Told): string {
  return JSON.stringify({ version, ok, left_out: leftOut, findings });
}

function tellFinding({ severity, check, what, fix }: Finding): ToldFinding {
  const mending = printable(oneLine(fix));
  // Half a command is no command.
  return [
    severity,
    check,
    shorten(printable(oneLine(what))),
    mending.length > TOLD_MAX_CHARACTERS ? ELSEWHERE : mending,
  ];
}

function isSentWhole(message: string): boolean {
  return encodeUtf8(JSON.stringify({ returncode: "0", message })).length <= REPLY_MAX_BYTES;
}

/** Cut behind a word, so that names stay whole. */
function shorten(text: string): string {
  if (text.length <= TOLD_MAX_CHARACTERS) return text;
  const end = text.lastIndexOf(" ", TOLD_MAX_CHARACTERS);
  return end <= 0 ? text : `${text.slice(0, end)} ...`;
}
