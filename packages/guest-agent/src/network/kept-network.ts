import type { Family } from "./address.ts";

/** What a link was like; an address or a route needs it to be so. */
export interface KeptLink {
  readonly name: string;
  readonly isUp: boolean;
  readonly mtuBytes: number;
}

/** An address or a route, as the words by which `ip address add` or `ip route add` brings it about. */
export interface KeptEntry {
  readonly object: "address" | "route";
  readonly family: Family;
  readonly words: readonly string[];
}

/** What some links had in the kernel at one moment. */
export interface KeptNetwork {
  /** Of the kernel's start (random(4)): a later kernel never had it. Empty where it is not known. */
  readonly bootId: string;
  readonly links: readonly KeptLink[];
  readonly entries: readonly KeptEntry[];
}

/** Words of an address that have a value behind them, and those that have none, which `ip` takes again. */
const ADDRESS_PAIRS = new Set(["peer", "brd", "scope", "metric"]);
const ADDRESS_FLAGS = new Set(["noprefixroute", "nodad", "mngtmpaddr", "home", "autojoin"]);

/** Those that `ip` prints of a route, and does not take. */
const ROUTE_STATES = new Set(["linkdown", "dead", "offload", "rt_offload", "trap", "rt_trap", "pervasive"]);

/**
 * The addresses of some links in what `ip address show` prints (ip-address(8)). Those that the kernel
 * makes for a while (RFC 8981), or that another host has, are left out.
 */
export function parseAddressEntries(text: string, names: ReadonlySet<string>): readonly KeptEntry[] {
  return text.split(/^(?=\d+: )/m).flatMap((block) => {
    const [head = "", ...lines] = block.split("\n");
    const [, name = ""] = /^\d+: ([^\s:@]+)/.exec(head) ?? [];
    if (!names.has(name)) return [];
    return lines.flatMap((line, index) => parseAddress(line, { name, below: lines[index + 1] ?? "" }));
  });
}

interface AddressPlace {
  readonly name: string;
  /** The line with the lifetimes. */
  readonly below: string;
}

function parseAddress(line: string, { name, below }: AddressPlace): KeptEntry[] {
  const [kind, local = "", ...rest] = line.trim().split(/\s+/);
  if (kind !== "inet" && kind !== "inet6") return [];
  // An IPv4 address ends with its label.
  const told = kind === "inet" ? rest.slice(0, -1) : rest;
  if (told.includes("temporary") || told.includes("dadfailed") || local === "") return [];
  const words = told.flatMap((word, index) => {
    if (ADDRESS_FLAGS.has(word)) return [word];
    return ADDRESS_PAIRS.has(word) ? [word, told[index + 1] ?? ""] : [];
  });
  const lifetimes = [...below.matchAll(/\b(valid_lft|preferred_lft) (\d+)sec/g)];
  const limited = lifetimes.flatMap(([, word = "", seconds = ""]) => [word, seconds]);
  const family = kind === "inet" ? 4 : 6;
  return [{ object: "address", family, words: [local, ...words, ...limited, "dev", name] }];
}

/** The routes over some links in what `ip route show` prints (ip-route(8)), also those over several. */
export function parseRouteEntries(
  text: string,
  { family, names }: { readonly family: Family; readonly names: ReadonlySet<string> },
): readonly KeptEntry[] {
  // Each hop of a route over several stands in a line of its own, behind white space.
  const lines = text.replaceAll(/\n[ \t]+/g, " ").split("\n");
  return lines.flatMap((line) => {
    const words = routeWords(line.trim().split(/\s+/));
    const isOver = valuesOf("dev", words).some((name) => names.has(name));
    // The kernel's own; and busybox tells of routes from announcements that their time is up.
    const isPassing = words[0] === "multicast" || valuesOf("expires", words).includes("0");
    return isOver && !isPassing ? [{ object: "route", family, words } as const] : [];
  });
}

function routeWords(told: readonly string[]): string[] {
  return told.flatMap((word, index) => {
    const before = told[index - 1];
    if (ROUTE_STATES.has(word) || word === "nhid" || before === "nhid") return [];
    return before === "expires" ? [word.replace(/sec$/, "")] : [word];
  });
}

/** What is kept and is not there any more, in the order in which it can be put back. */
export function missingEntries(kept: readonly KeptEntry[], now: readonly KeptEntry[]): readonly KeptEntry[] {
  const isThere = new Set(now.map(keyOf));
  const missing = kept.filter((entry) => !isThere.has(keyOf(entry)) && !isRenewed(entry, now));
  return missing.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/**
 * What has to be called to put an entry back. A route of the same rank that came in the meantime, such
 * as one to a gateway that does not answer, gives way to it.
 */
export function putBackArgv(
  entry: KeptEntry,
  { now, kept }: { readonly now: readonly KeptEntry[]; readonly kept: readonly KeptEntry[] },
): readonly [string, ...string[]] {
  const { object, family, words } = entry;
  if (object === "address") return ["ip", "address", "add", ...words];
  // IPv6 may have several of one rank; to replace takes any of them.
  const isKept = new Set(kept.map(keyOf));
  const isInTheWay = now.some(
    (other) => other.object === "route" && isSameRank(entry, other) && !isKept.has(keyOf(other)),
  );
  return ["ip", `-${family}`, "route", family === 4 || isInTheWay ? "replace" : "append", ...words];
}

/**
 * A route of IPv6 without its `onlink`, undefined for any other entry. Linux refuses the word while
 * another link has a route to the gateway that is the better or the only one, also of a route that it
 * has taken before; beside a route of the link's own to the gateway the word is not needed.
 */
export function withoutOnLink(entry: KeptEntry): KeptEntry | undefined {
  const { object, family, words } = entry;
  if (object === "address" || family === 4 || !words.includes("onlink")) return undefined;
  return { ...entry, words: words.filter((word) => word !== "onlink") };
}

/** What makes an entry the same whatever else is told of it. */
function keyOf({ object, family, words }: KeptEntry): string {
  const told = object === "address" ? ["peer", "dev"] : ["via", "dev", "metric"];
  return [object, family, words[0], ...told.flatMap((word) => [word, ...valuesOf(word, words)])].join(" ");
}

function isSameRank(one: KeptEntry, other: KeptEntry): boolean {
  const [metric, otherMetric] = [one, other].map(({ words }) => valuesOf("metric", words)[0]);
  return one.family === other.family && one.words[0] === other.words[0] && metric === otherMetric;
}

/** Whether DHCP or a router has brought another in its place. */
function isRenewed(entry: KeptEntry, now: readonly KeptEntry[]): boolean {
  const [name] = valuesOf("dev", entry.words);
  const own = now.filter(
    ({ family, words }) => family === entry.family && valuesOf("dev", words).includes(name ?? ""),
  );
  if (!own.some(isDynamic)) return false;
  if (entry.object === "address") return isDynamic(entry);
  return (
    entry.words[0] === "default" &&
    own.some(({ object, words }) => object === "route" && words[0] === "default")
  );
}

function isDynamic({ object, words }: KeptEntry): boolean {
  return object === "address" && words.includes("valid_lft");
}

/**
 * Addresses before routes, and of these first what needs no other route, then what is reached directly,
 * which may keep Linux from taking `onlink` on another link, then the default routes.
 */
function rankOf({ object, words }: KeptEntry): number {
  if (object === "address") return 0;
  if (words.includes("onlink")) return 1;
  if (!words.includes("via")) return 2;
  return words[0] === "default" ? 3 : 4;
}

function valuesOf(word: string, words: readonly string[]): readonly string[] {
  return words.flatMap((each, index) => (words[index - 1] === word ? [each] : []));
}
