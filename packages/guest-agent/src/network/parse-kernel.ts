import { addressBits, addressOf, type IpAddress, parseAddress, type Prefix } from "./address.ts";
import type { KernelAddress, KernelLink, KernelRoute } from "./kernel-network.ts";

/**
 * The links that `ip address show` prints (ip-address(8)), by name. iproute2 and busybox print the same
 * but for words that are not needed here.
 */
export function parseAddressShow(text: string): ReadonlyMap<string, KernelLink> {
  const blocks = text.split(/^(?=\d+: )/m).map(parseLink);
  return new Map(blocks.flatMap((link) => (link === undefined ? [] : [[link.name, link]])));
}

/** One link: `2: eth0@if5: <BROADCAST,UP> mtu 1500 …`, and below it a line or two an address. */
function parseLink(block: string): KernelLink | undefined {
  const [head = "", ...lines] = block.split("\n");
  const [, name, flags = "", mtu] = /^\d+: ([^\s:@]+)(?:@\S*)?: <([^>]*)> mtu (\d+)/.exec(head) ?? [];
  if (name === undefined) return undefined;
  const found = lines.flatMap((line, index) => parseAddressLine(line, lines[index + 1] ?? ""));
  return {
    name,
    isUp: flags.split(",").includes("UP"),
    mtuBytes: Number(mtu),
    addresses: found.filter(({ scope }) => scope === "global").map(({ address }) => address),
    localAddresses: found.filter(({ scope }) => scope !== "global").map(({ address }) => address),
  };
}

interface ScopedAddress {
  readonly scope: string;
  readonly address: KernelAddress;
}

/**
 * `inet 192.0.2.10/24 brd … scope global dynamic eth0`, or with a peer, whose length is then the
 * address's own: `inet 10.1.0.1 peer 10.1.0.2/32 scope global eth0`. The line below has the lifetimes.
 */
function parseAddressLine(line: string, below: string): ScopedAddress[] {
  const [, local = "", length, scope = ""] =
    /^\s+inet6? ([^\s/]+)(?: peer [^\s/]+)?(?:\/(\d+))? .*\bscope (\S+)/.exec(line) ?? [];
  const address = parseAddress(local);
  const words = line.split(/\s+/);
  if (address === undefined || words.includes("dadfailed")) return [];
  const found = {
    address,
    prefixLength: length === undefined ? addressBits(address.family) : Number(length),
    isDynamic: words.includes("dynamic") || /\bvalid_lft \d/.test(below),
    ...(words.includes("tentative") ? { isTentative: true } : {}),
  };
  return [{ scope, address: found }];
}

/** Flags of a route (linux/route.h, linux/ipv6_route.h). */
const RTF_UP = 0x1;
const RTF_REJECT = 0x200;
const RTF_ADDRCONF = 0x40000;
const RTF_EXPIRES = 0x400000;

/**
 * The main table's IPv4 routes of `/proc/net/route` (linux, net/ipv4/fib_trie.c): addresses are the
 * processor's own 32-bit numbers, so their bytes stand in reverse on every processor that runs Xen.
 */
export function parseIpv4Routes(text: string): readonly KernelRoute[] {
  return text.split("\n").flatMap((line) => {
    const [linkName = "", destination = "", gateway = "", flags = "", , , metric, mask = ""] =
      line.split(/\s+/);
    const to = parseHex(destination, 4)?.toReversed();
    const via = parseHex(gateway, 4)?.toReversed();
    const maskBytes = parseHex(mask, 4)?.toReversed();
    if (to === undefined || via === undefined || maskBytes === undefined) return [];
    return route({
      linkName,
      to,
      via,
      prefixLength: countOnes(maskBytes),
      flags: Number.parseInt(flags, 16),
      metric: Number(metric),
    });
  });
}

/**
 * The IPv6 routes of `/proc/net/ipv6_route` (linux, net/ipv6/ip6_fib.c): destination and its length in
 * hexadecimal digits, source and length, gateway, metric, two counters, flags, link.
 */
export function parseIpv6Routes(text: string): readonly KernelRoute[] {
  return text.split("\n").flatMap((line) => {
    const [destination = "", length = "", , , gateway = "", rank = "", , , flags = "", linkName = ""] = line
      .trim()
      .split(/\s+/);
    const to = parseHex(destination, 16);
    const via = parseHex(gateway, 16);
    if (to === undefined || via === undefined) return [];
    const prefixLength = Number.parseInt(length, 16);
    const metric = Number.parseInt(rank, 16);
    return route({ linkName, to, via, prefixLength, flags: Number.parseInt(flags, 16), metric });
  });
}

interface RouteParts {
  readonly linkName: string;
  readonly to: readonly number[];
  readonly via: readonly number[];
  readonly prefixLength: number;
  readonly flags: number;
  readonly metric: number;
}

function route({ linkName, to, via, prefixLength, flags, metric }: RouteParts): KernelRoute[] {
  if ((flags & RTF_UP) === 0 || (flags & RTF_REJECT) !== 0) return [];
  const destination: Prefix = { address: addressOf(to), prefixLength };
  const gateway: IpAddress | undefined = via.every((byte) => byte === 0) ? undefined : addressOf(via);
  const isAnnounced = (flags & (RTF_ADDRCONF | RTF_EXPIRES)) !== 0;
  return [{ linkName, destination, gateway, isAnnounced, metric }];
}

function parseHex(text: string, count: number): number[] | undefined {
  if (text.length !== 2 * count || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return Array.from({ length: count }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}

function countOnes(bytes: readonly number[]): number {
  return bytes
    .map((byte) => byte.toString(2).replaceAll("0", "").length)
    .reduce((sum, each) => sum + each, 0);
}
