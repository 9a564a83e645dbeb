import type { Guest } from "./guest.ts";
import type { NetworkingEntry } from "./vm-data.ts";

/** What a guest's kernel has on one interface, sorted. */
export interface KernelInterface {
  /** Of global scope, with the length of the prefix. */
  readonly addresses: readonly string[];
  /** Those that somebody has set, as `<destination> via <gateway>`. */
  readonly routes: readonly string[];
}

interface IpLink {
  readonly ifname: string;
  readonly address: string;
  readonly addr_info: readonly {
    readonly scope: string;
    readonly local: string;
    readonly prefixlen: number;
  }[];
}

interface IpRoute {
  readonly dst: string;
  readonly gateway?: string;
}

/** The name of the interface with this MAC address. */
export async function interfaceName(guest: Guest, mac: string): Promise<string> {
  const links = await readIp<IpLink>(guest, "address show");
  const name = links.find(({ address }) => address === mac.toLowerCase())?.ifname;
  if (name === undefined)
    throw new Error(`No interface has the MAC address ${mac}: ${JSON.stringify(links)}`);
  return name;
}

/** What the kernel has on the interface with this MAC address (ip-address(8), ip-route(8)). */
export async function readInterface(guest: Guest, mac: string): Promise<KernelInterface> {
  const name = await interfaceName(guest, mac);
  const [link] = await readIp<IpLink>(guest, `address show dev ${name}`);
  const routes = [
    ...(await readIp<IpRoute>(guest, `-4 route show dev ${name}`)),
    ...(await readIp<IpRoute>(guest, `-6 route show dev ${name}`)),
  ];
  const global = (link?.addr_info ?? []).filter(({ scope }) => scope === "global");
  return {
    addresses: global.map(({ local, prefixlen }) => `${local}/${prefixlen}`).toSorted(),
    routes: routes
      .flatMap(({ dst, gateway }) => (gateway === undefined ? [] : [`${dst} via ${gateway}`]))
      .toSorted(),
  };
}

/** What it should have there, by what the host wants. */
export function wantedInterface(entry: NetworkingEntry): KernelInterface {
  const { ips = [], ip6s = [], routes = [], gateway, gateway_v6: gatewayV6 } = entry;
  return {
    addresses: [
      ...ips.map(({ ip, netmask }) => `${ip}/${prefixLength(netmask)}`),
      ...ip6s.map(({ ip, netmask }) => `${ip}/${netmask}`),
    ].toSorted(),
    routes: [
      ...[gateway, gatewayV6].flatMap((address) => (address === undefined ? [] : [`default via ${address}`])),
      ...routes.map(({ route, netmask, gateway: via }) => `${route}/${prefixLength(netmask)} via ${via}`),
    ].toSorted(),
  };
}

function prefixLength(netmask: string): number {
  const bits = netmask.split(".").map((part) => Number(part).toString(2));
  return bits.join("").replaceAll("0", "").length;
}

async function readIp<Entry>(guest: Guest, words: string): Promise<readonly Entry[]> {
  const output = await guest.run(`ip -json ${words}`);
  return output.trim() === "" ? [] : (JSON.parse(output) as Entry[]);
}
