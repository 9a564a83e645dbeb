import { contains, type Family, parseAddress } from "../../network/address.ts";
import { HOST_COMMENT } from "../../network/shell-file.ts";
import type { WantedInterface } from "../../network/wanted-network.ts";
import { type InterfacesEntry, parseInterfaces, readOptions } from "./interfaces-file.ts";

/** A user's lines in an interface's stanzas that say nothing else than the host. */
export interface KeptOptions {
  /** Of the stanzas of a family, as they stand. */
  readonly lines: ReadonlyMap<Family, readonly string[]>;
  /** Those of them that run programs, which can do without a stanza of their family. */
  readonly commands: ReadonlyMap<Family, readonly string[]>;
}

export const nothingKept: KeptOptions = { lines: new Map(), commands: new Map() };

/**
 * What stays of an interface's stanzas when they are written anew: options and commands but those that
 * say its addresses, its routes of the main table, or how to ask others for them (interfaces(5), "IFACE
 * OPTIONS" and "INET ADDRESS FAMILY"). Earlier agents wrote routes as such commands, which go as well.
 */
export function keptOptions(text: string, wanted: WantedInterface): KeptOptions {
  const stanzas = parseInterfaces(text).filter(
    ({ keyword, words }) => keyword === "iface" && words[0] === wanted.name,
  );
  return {
    lines: byFamily(stanzas, (words) => !contradicts(words, wanted)),
    commands: byFamily(stanzas, (words) => isCommand(words) && !contradicts(words, wanted)),
  };
}

type Keeps = (words: readonly string[]) => boolean;

function byFamily(stanzas: readonly InterfacesEntry[], keeps: Keeps): KeptOptions["lines"] {
  const families = [4, 6] as const;
  return new Map(
    families.map((family) => {
      const own = stanzas.filter(({ words }) => (words[1] === "inet6" ? 6 : 4) === family);
      return [family, unique(own.flatMap((stanza) => keptLines(stanza, keeps)))];
    }),
  );
}

/** An option may stand once only; in which stanza does not matter. */
function unique(options: readonly (readonly string[])[]): string[] {
  const texts = options.map((lines) => lines.join("\n"));
  return options.filter((_lines, index) => texts.indexOf(texts[index] ?? "") === index).flat();
}

/** The lines of each option that stays, with the comment above it. */
function keptLines(stanza: InterfacesEntry, keeps: Keeps): (readonly string[])[] {
  return readOptions(stanza).flatMap(({ words, comments, lines }) =>
    comments.includes(HOST_COMMENT) || !keeps(words) ? [] : [[...comments, ...lines]],
  );
}

function isCommand([keyword = ""]: readonly string[]): boolean {
  return /^(pre-up|up|post-up|down|pre-down|post-down)$/.test(keyword);
}

/** What says how the interface is addressed, or asks for it by DHCP; it may be the part of a bond no longer. */
const addressing =
  /^(address(-virtual)?|netmask|broadcast|network|gateway|pointopoint|metric|scope|preferred-lifetime|hwaddress|hostname|leasehours|leasetime|vendor|client|request|use|inherit|bond[-_]master|dns-nameservers?)$/;

/** What would bring other IPv6 addresses. */
const otherIpv6 = /^(accept_ra|autoconf|privext|dhcp|request_prefix|ll-\w+)$/;

function contradicts(words: readonly string[], wanted: WantedInterface): boolean {
  const [keyword = "", ...rest] = words;
  if (isCommand(words))
    return rest
      .join(" ")
      .split(/[;&|]+/)
      .some((part) => commands(part, wanted));
  if (keyword === "mtu") return wanted.mtuBytes !== undefined;
  return addressing.test(keyword) || otherIpv6.test(keyword);
}

/** Whether a simple command does what the host's network does. */
function commands(text: string, wanted: WantedInterface): boolean {
  const [path = "", ...words] = text.trim().split(/\s+/);
  if (namesOther(words, wanted)) return false;
  switch (path.slice(path.lastIndexOf("/") + 1)) {
    case "ip":
      return changesWithIp(words, wanted);
    case "route":
      return words.some((word) => /^(add|del)$/.test(word));
    case "ifconfig":
      return words.some((word) => parseAddress(word.split("/")[0] ?? "") !== undefined);
    case "dhclient":
    case "dhcpcd":
    case "udhcpc":
      return true;
    default:
      return setsAnnouncements(text, wanted);
  }
}

/** Whether the command is about another device, such as a tunnel. */
function namesOther(words: readonly string[], { name }: WantedInterface): boolean {
  const device = words[words.indexOf("dev") + 1];
  return words.includes("dev") && device !== undefined && device !== name && !/^["']?[$%]/.test(device);
}

const changing = /^(add|append|prepend|replace|change|del(ete)?|flush)$/;

/** ip(8), whose objects may be shortened; a route of another table is the user's policy. */
function changesWithIp(all: readonly string[], wanted: WantedInterface): boolean {
  const [object = "", action = "", ...rest] = all.filter((word) => !word.startsWith("-"));
  if (/^a(d(dr(ess)?)?)?$/.test(object)) return changing.test(action);
  if (/^r(o(ute?)?)?$/.test(object)) return changing.test(action) && !isPolicyRoute(rest, wanted);
  if (!/^l(i(nk?)?)?$/.test(object) || action !== "set") return false;
  // Up and down it is set in any case.
  const isPlain = rest.every((word) => /^(dev|up|down)$/.test(word) || word === wanted.name);
  return isPlain || (rest.includes("mtu") && wanted.mtuBytes !== undefined) || rest.includes("master");
}

/** Whether a route is of another table than the main one; ifup would fail for a gateway in no subnet. */
function isPolicyRoute(words: readonly string[], { addresses }: WantedInterface): boolean {
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const gateway = parseAddress(after("via") ?? "");
  const isReached =
    !words.includes("via") ||
    (gateway !== undefined && addresses.some((prefix) => contains(prefix, gateway)));
  return isReached && !/^(main|default|local|25[345])$/.test(after("table") ?? "main");
}

/** The agent writes the first form itself. */
function setsAnnouncements(text: string, { name, addresses }: WantedInterface): boolean {
  if (text.trim() === `echo 0 >/proc/sys/net/ipv6/conf/${name}/accept_ra`) return true;
  const hasIpv6 = addresses.some(({ address }) => address.family === 6);
  return hasIpv6 && /\/(accept_ra|autoconf)\b|\.(accept_ra|autoconf)=/.test(text);
}
