import { printableLines } from "../printable.ts";
import type { Finding, Severity } from "./finding.ts";

/** What is printed at the end of an examination. */
export interface Report {
  readonly root: string;
  readonly version: string;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** How many findings are as bad as that. */
export function countOf(severity: Severity, findings: readonly Finding[]): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** A report for people: what is wrong with the command that mends it, the rest in a line each. */
export function renderReport({ root, version, findings }: Report): string {
  const where = root === "/" ? "" : ` of ${root}`;
  const head = `nova-agent ${version} doctor${where}: ${verdict(findings)}`;
  const bad = findings.filter(({ fix }) => fix !== "").map(renderBad);
  const rest = findings.filter(({ fix }) => fix === "").map(renderLine);
  return printableLines(`${[head, ...bad, rest.join("\n")].filter((part) => part !== "").join("\n\n")}\n`);
}

function verdict(findings: readonly Finding[]): string {
  const counts = [
    counted(countOf("problem", findings), "problem"),
    counted(countOf("warning", findings), "warning"),
  ].filter((text) => text !== "");
  return counts.length === 0 ? "all is well" : counts.join(", ");
}

function counted(count: number, word: string): string {
  if (count === 0) return "";
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function renderBad({ severity, check, what, fix }: Finding): string {
  return `${severity.toUpperCase()} ${check}: ${oneLine(what)}\n  -> ${oneLine(fix)}`;
}

function renderLine({ severity, check, what }: Finding): string {
  return `${severity.padEnd(7)} ${check}: ${oneLine(what)}`;
}

/** The text with blanks for its ends of lines. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** A report for programs. */
export function renderReportJson({ root, version, findings }: Report): string {
  const problems = countOf("problem", findings);
  const warnings = countOf("warning", findings);
  return `${JSON.stringify({ root, version, problems, warnings, findings }, undefined, 2)}\n`;
}
