import { globPattern, isGlob } from "../../glob.ts";
import { parseMac } from "../../network/mac.ts";
import type { Vif } from "../../network/wanted-network.ts";

/**
 * Definitions of links in others' files (netplan-yaml(5)). netplan joins the lists of all files, so that
 * an old address beside the host's would stay, and of two definitions of one link it takes either. Files
 * are read by their indentation, as installers, cloud-init and NetworkManager write them; what stands
 * in braces is left alone.
 */
interface Definition {
  readonly id: string;
  /** The lines of the definition, its name first. */
  readonly lines: Range;
  /** What it says, by key. */
  readonly settings: ReadonlyMap<string, Range>;
  /** Text of the setting `match`. */
  readonly match: string | undefined;
}

/** From a line up to another one, which is none of it. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** How far a definition is one of a VIF: its own, one of several links, or none. */
type Claim = "own" | "shared" | "no";

/** Whether a definition of several links takes the VIF. */
export function isShared(text: string, vif: Pick<Vif, "name" | "mac">): boolean {
  return readDefinitions(text.split("\n")).some((definition) => claimOf(definition, vif) === "shared");
}

/**
 * Whether a file has its definitions in braces and among them what netplan would join with the agent's,
 * so that nothing of it can be taken out line by line.
 */
export function isInBraces(text: string): boolean {
  const hasBraces = /^\s*(\{|["']?(network|ethernets)["']?\s*:\s*[{&*])/m.test(text);
  const content = text.replaceAll(/^\s*#.*$/gm, "");
  return hasBraces && /\bethernets\b/.test(content) && /\b(addresses|gateway[46]|routes)\b/.test(content);
}

/** Whether anything in a text could be about a VIF. */
export function mayTake(text: string, { name, mac }: Pick<Vif, "name" | "mac">): boolean {
  return text.includes(name) || text.includes("*") || text.toLowerCase().includes(mac);
}

/** What is to be taken out of the definitions of a VIF. */
export interface Contradiction {
  readonly vif: Pick<Vif, "name" | "mac">;
  /** Whether a setting says what the host says. */
  readonly contradicts: (setting: string) => boolean;
}

/**
 * The file without what contradicts the host; undefined when nothing else is in it. A definition under the
 * interface's own name keeps its other settings, for netplan joins them with the agent's; one under
 * another name, as NetworkManager has them, goes.
 */
export function withoutContradictions(
  text: string,
  contradictions: readonly Contradiction[],
): string | undefined {
  const lines = text.split("\n");
  const definitions = readDefinitions(lines);
  const dropped = definitions.map((definition) => {
    const { id, lines: whole, settings } = definition;
    const found = contradictions.find(({ vif }) => claimOf(definition, vif) === "own");
    if (found === undefined) return [];
    const contradicting = [...settings].filter(([key]) => found.contradicts(key));
    const isMerged = id === found.vif.name || settings.has("set-name");
    return isMerged && contradicting.length < settings.size
      ? contradicting.map(([, range]) => range)
      : [whole];
  });
  if (dropped.flat().length === 0) return text;
  const isEmpty = definitions.every(({ lines: whole }, index) => dropped[index]?.includes(whole));
  const section = isEmpty ? sectionOf(lines) : undefined;
  const ranges = [...dropped.flat(), ...(section === undefined ? [] : [section])];
  const isIn = (index: number) => ranges.some(({ start, end }) => index >= start && index < end);
  const kept = lines.filter((_line, index) => !isIn(index));
  return kept.every((line) => /^\s*(#.*|network:\s*|version:\s*2\s*)?$/.test(line))
    ? undefined
    : kept.join("\n");
}

function claimOf({ id, match }: Definition, { name, mac }: Pick<Vif, "name" | "mac">): Claim {
  if (match === undefined) return id === name ? "own" : "no";
  const wantedMac = /\bmacaddress:\s*["']?([\da-fA-F:]+)/.exec(match)?.[1];
  if (wantedMac !== undefined) return parseMac(wantedMac) === mac ? "own" : "no";
  const wantedName = /\bname:\s*["']?([^"',}\s]+)/.exec(match)?.[1];
  if (wantedName === undefined) return "no";
  if (!isGlob(wantedName)) return wantedName === name ? "own" : "no";
  return globPattern(wantedName).test(name) ? "shared" : "no";
}

function readDefinitions(lines: readonly string[]): Definition[] {
  const section = sectionOf(lines);
  if (section === undefined) return [];
  return [...readKeys(lines, { start: section.start + 1, end: section.end })].map(([id, range]) => {
    const settings = readKeys(lines, { start: range.start + 1, end: range.end });
    const match = settings.get("match");
    return {
      id,
      lines: range,
      settings,
      match: match === undefined ? undefined : lines.slice(match.start, match.end).join("\n"),
    };
  });
}

/** The lines of `ethernets` in `network`. */
function sectionOf(lines: readonly string[]): Range | undefined {
  const network = readKeys(lines, { start: 0, end: lines.length }).get("network");
  if (network === undefined) return undefined;
  return readKeys(lines, { start: network.start + 1, end: network.end }).get("ethernets");
}

/** The keys of the first line's depth, each with its lines; comments and blank lines behind it are not its own. */
function readKeys(lines: readonly string[], { start, end }: Range): Map<string, Range> {
  const keys = new Map<string, Range>();
  let depth: number | undefined;
  let last: string | undefined;
  for (let index = start; index < end; index += 1) {
    const line = lines[index] ?? "";
    if (/^\s*(#|$)/.test(line) || /^(---|\.\.\.)/.test(line)) continue;
    depth ??= depthOf(line);
    // Items of a list may stand at the depth of its key.
    const key = /^(?!\s*-\s)\s*["']?([^"':]+)["']?\s*:(?:\s|$)/.exec(line)?.[1];
    const isKey = depthOf(line) === depth && key !== undefined;
    if (isKey) last = key;
    if (last === undefined) continue;
    keys.set(last, { start: isKey ? index : (keys.get(last)?.start ?? index), end: index + 1 });
  }
  return keys;
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}
