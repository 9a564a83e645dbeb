import {
  contains,
  type IpAddress,
  parseAddress,
  parseDottedMask,
  type Prefix,
} from "../../network/address.ts";
import { shellName } from "../../network/shell-file.ts";
import type { Vif } from "../../network/wanted-network.ts";

/** Variables with routes, by name (rc.conf(5), "static_routes", "defaultrouter"). */
export type KeptRoutes = ReadonlyMap<string, string>;

/**
 * The routes of these VIFs, which the host does not name: through a gateway in one of their subnets, or
 * that is said to be on one of them. rc.conf(5) has all routes in one list.
 */
export function keptRoutes(before: ReadonlyMap<string, string>, vifs: readonly Vif[]): KeptRoutes {
  const names = vifs.map(({ name }) => name);
  const subnets = names.flatMap((name) => subnetsOf(name, before));
  const routes = [...before].filter(([name]) => /^(ipv6_)?(defaultrouter|route_(nova|lan)\d+)$/.test(name));
  const isNamed = (text: string) => text.split(/[\s%]+/).some((word) => names.includes(word));
  const onLink = routes.flatMap(([, text]) => (isNamed(text) ? addressesIn(text) : []));
  const isReached = (gateway: IpAddress) =>
    onLink.some(({ text }) => text === gateway.text) || subnets.some((subnet) => contains(subnet, gateway));
  return new Map(routes.filter(([, text]) => isNamed(text) || addressesIn(text).slice(-1).some(isReached)));
}

interface RoutesBefore {
  readonly prefix: "" | "ipv6_";
  readonly before: ReadonlyMap<string, string>;
  readonly kept: KeptRoutes;
}

/** The wanted routes of a family and those that stay, in the order in which they are there already. */
export function joinRoutes(wanted: readonly string[], { prefix, before, kept }: RoutesBefore): string[] {
  const isRoute = ([name]: readonly [string, string]) =>
    new RegExp(`^${prefix}route_(nova|lan)\\d+$`).test(name);
  const destinations = new Set(wanted.map(destinationOf));
  const stay = [...kept].filter(isRoute).map(([, text]) => text);
  const texts = [...new Set([...wanted, ...stay.filter((text) => !destinations.has(destinationOf(text)))])];
  const present = [...before].filter(isRoute).map(([, text]) => text);
  const place = (text: string) => (present.includes(text) ? present.indexOf(text) : present.length);
  return texts.sort((x, y) => rank(x) - rank(y) || place(x) - place(y));
}

/** A gateway that a route of its own leads to comes before what goes through it. */
function rank(words: string): 0 | 1 {
  return words.startsWith("-host ") ? 0 : 1;
}

/** What a route leads to, without its gateway. */
function destinationOf(words: string): string {
  return words.split(/\s+/).slice(0, 2).join(" ");
}

/** The addresses of an interface as its variables say them. */
function subnetsOf(name: string, before: ReadonlyMap<string, string>): Prefix[] {
  const key = new RegExp(`^(ipv6_)?ifconfig_${shellName(name)}(_|$)`);
  const values = [...before].flatMap(([variable, value]) => (key.test(variable) ? [value] : []));
  const found = /(?<=^|\s)(inet6?\s+)?([\da-f.:]+)(?:\/(\d+)|\s+netmask\s+(\S+)|\s+prefixlen\s+(\d+))?/gi;
  return values.flatMap((value) =>
    [...value.matchAll(found)].flatMap(([, , text = "", slash, mask, length]) => {
      const address = parseAddress(text);
      if (address === undefined) return [];
      const prefixLength = Number(
        slash ?? length ?? parseDottedMask(mask ?? "") ?? (address.family === 4 ? 32 : 64),
      );
      return [{ address, prefixLength }];
    }),
  );
}

/** The addresses among a variable's words, without zones; a destination of many hosts is none. */
function addressesIn(words: string): IpAddress[] {
  return words.split(/\s+/).flatMap((word) => parseAddress(word.split("%")[0] ?? "") ?? []);
}
