/** What `ip -j address show` prints of a link (ip-address(8)). */
export interface JsonLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

/** What `ip -j route show` prints of a route (ip-route(8)). */
export interface JsonRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly flags: readonly string[];
  readonly metric?: number;
}

/** What a veth has that nobody has given another. */
export const VETH_MTU_BYTES = 1500;

/** The metric of an IPv6 route that was asked for without one (ip-route(8), "metric"). */
export const IPV6_METRIC = 1024;

/** The addresses of global scope: `192.0.2.10/24`, sorted. */
export function globalAddresses({ addr_info }: JsonLink): string[] {
  const own = addr_info.filter(({ scope }) => scope === "global");
  return own.map(({ local, prefixlen }) => `${local}/${prefixlen}`).toSorted();
}

/** The routes of a link through gateways, in the words of the models, sorted. */
export function gatewayRoutes(routes: readonly JsonRoute[], name: string): string[] {
  const own = routes.filter(({ dev, gateway }) => dev === name && gateway !== undefined);
  return own.map(spellRoute).toSorted();
}

/** The prefix of one address is never left out, and a metric that nobody asked for always is. */
function spellRoute({ dst, gateway, metric = 0 }: JsonRoute): string {
  const to = dst === "default" || dst.includes("/") ? dst : `${dst}/${dst.includes(":") ? 128 : 32}`;
  return `${to} via ${gateway}${metric === 0 || metric === IPV6_METRIC ? "" : ` metric ${metric}`}`;
}
