import { contains, type Family, isLinkLocalIpv6, networkOf, prefixText } from "../../network/address.ts";
import { CHECKED_ADDRESSES_MAX } from "../../network/limits.ts";
import { HOST_COMMENT, hostNames, LABEL_COMMENT, replaceAssignments } from "../../network/shell-file.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { withoutEarlierHead } from "../../network/earlier-agents.ts";
import { variableOf } from "./device-files.ts";

/** Who reads the file: initscripts' `network` service or NetworkManager's plugin. */
export type Runner = "network" | "NetworkManager";

/** What says how the interface is addressed and reached, in every numbering and by every program. */
const addressing =
  /^(DEVICE|TYPE|ONBOOT|NM_CONTROLLED|BOOTPROTO|(IPADDR|PREFIX|NETMASK|BROADCAST|NETWORK|GATEWAY|ARPCHECK)\d*|SRCADDR|GATEWAYDEV|DEFROUTE|METRIC|IPV[46]_ROUTE_METRIC|NOROUTESET|IPV6ADDR\w*|IPV6_DEFAULT(GW|DEV)|IPV6_DEFROUTE|DNS\d+|BRIDGE|SLAVE|MASTER|TEAM_MASTER)$/;

/** What would bring other IPv6 addresses, or none. */
const otherIpv6 = /^(IPV6INIT|IPV6_AUTOCONF|IPV6_DISABLED|IPV6_FORCE_ACCEPT_RA|DHCPV6C)$/;

/** The user's options that the wanted network leaves alone, and behind them the wanted network. */
export function renderIfcfg(
  wanted: WantedInterface,
  { old, runner }: { readonly old: string; readonly runner: Runner },
): string {
  const hasOtherMac = variableOf(old, "HWADDR").toLowerCase() !== wanted.mac;
  const hosts = hostNames(old);
  return replaceAssignments(withoutEarlierHead(old), {
    drops: (name) => (name === "HWADDR" ? hasOtherMac : hosts.has(name) || contradicts(wanted, name)),
    lines: ownLines(wanted, runner),
  });
}

/** The file of a family's routes, as arguments of `ip route add`; empty when the ifcfg file says all. */
export function renderRoutes(wanted: WantedInterface, family: Family): string {
  const routes = wanted.routes.filter(
    (route) => route.gateway.family === family && route !== mainGateway(wanted, family),
  );
  const lines = routes.flatMap((route) => routeLines(route, wanted.name));
  return lines.map((line) => `${line}\n`).join("");
}

function contradicts(wanted: WantedInterface, name: string): boolean {
  if (/^(IPV6_)?MTU$/.test(name)) return wanted.mtuBytes !== undefined;
  if (/^(PEERDNS|RESOLV_MODS)$/.test(name)) return wanted.dns.length > 0;
  return addressing.test(name) || (otherIpv6.test(name) && addressesOf(wanted, 6).length > 0);
}

function addressesOf({ addresses }: WantedInterface, family: Family) {
  return addresses.filter(({ address }) => address.family === family);
}

function ownLines(wanted: WantedInterface, runner: Runner): string[] {
  const { name, label, dns, mtuBytes } = wanted;
  return [
    ...(label === "" ? [] : [LABEL_COMMENT + label]),
    `DEVICE=${name}`,
    "TYPE=Ethernet",
    "ONBOOT=yes",
    ...(runner === "network" ? ["NM_CONTROLLED=no"] : []),
    "BOOTPROTO=none",
    ...ipv4Lines(wanted),
    ...ipv6Lines(wanted),
    ...dns.map((server, index) => `DNS${index + 1}=${server.text}`),
    ...(mtuBytes === undefined ? [] : [HOST_COMMENT, `MTU=${mtuBytes}`]),
  ];
}

function ipv4Lines(wanted: WantedInterface): string[] {
  const addresses = addressesOf(wanted, 4);
  const gateway = mainGateway(wanted, 4)?.gateway.text;
  // initscripts looks for a duplicate of each, three seconds long (ifup-eth, ARPING_WAIT).
  const isChecked = addresses.length <= CHECKED_ADDRESSES_MAX;
  return [
    ...addresses.flatMap(({ address, prefixLength }, index) => {
      const number = index === 0 ? "" : index;
      return [
        `IPADDR${number}=${address.text}`,
        `PREFIX${number}=${prefixLength}`,
        ...(isChecked ? [] : [`ARPCHECK${number}=no`]),
      ];
    }),
    ...(gateway === undefined ? [] : [`GATEWAY=${gateway}`]),
  ];
}

function ipv6Lines(wanted: WantedInterface): string[] {
  const [first, ...others] = addressesOf(wanted, 6);
  if (first === undefined) return [];
  const gateway = mainGateway(wanted, 6)?.gateway;
  const zone = gateway && isLinkLocalIpv6(gateway) ? `%${wanted.name}` : "";
  return [
    "IPV6INIT=yes",
    "IPV6_AUTOCONF=no",
    `IPV6ADDR=${prefixText(first)}`,
    ...(others.length === 0 ? [] : [`IPV6ADDR_SECONDARIES="${others.map(prefixText).join(" ")}"`]),
    ...(gateway === undefined ? [] : [`IPV6_DEFAULTGW=${gateway.text}${zone}`]),
  ];
}

/**
 * The default route that the ifcfg file can say: without a metric, and for IPv4 through a gateway in
 * the first address's subnet, because initscripts passes over any other (ifup-eth).
 */
function mainGateway(wanted: WantedInterface, family: Family): WantedRoute | undefined {
  const [first] = addressesOf(wanted, family);
  return wanted.routes.find(
    ({ destination, gateway, isOnLink, metric }) =>
      destination.prefixLength === 0 &&
      gateway.family === family &&
      metric === undefined &&
      !isOnLink &&
      (family === 6 || (first !== undefined && contains(first, gateway))),
  );
}

function routeLines({ destination, gateway, isOnLink, metric }: WantedRoute, name: string): string[] {
  const network = prefixText({ address: networkOf(destination), prefixLength: destination.prefixLength });
  const to = destination.prefixLength === 0 ? "default" : network;
  const rank = metric === undefined ? "" : ` metric ${metric}`;
  if (isOnLink && gateway.family === 6) {
    // Linux has onlink for IPv6 since 4.16, and not where another interface reaches the gateway. The
    // route to it has the rank of the one behind it, because two interfaces may have the same gateway.
    return [`${gateway.text}/128 dev ${name}${rank}`, `${to} via ${gateway.text} dev ${name}${rank}`];
  }
  return [`${to} via ${gateway.text} dev ${name}${isOnLink ? " onlink" : ""}${rank}`];
}
