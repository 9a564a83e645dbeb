import { networkOf, prefixText } from "../../network/address.ts";
import { HOST_COMMENT, hostNames, LABEL_COMMENT, replaceAssignments } from "../../network/shell-file.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { withoutEarlierHead } from "../../network/earlier-agents.ts";

/** What says how the interface is addressed, under every suffix (ifcfg(5), "Multiple addresses"). */
const addressing =
  /^(STARTMODE$|BOOTPROTO$|NETWORK$|IPADDR|PREFIXLEN|NETMASK|BROADCAST|REMOTE_IPADDR|LABEL|SCOPE|IP_OPTIONS)/;

/** What would bring other IPv6 addresses, or none (ifsysctl(5)). */
const otherIpv6 = /^\s*net[./]ipv6[./]conf[./].*[./](accept_ra|autoconf|disable_ipv6)\s*=/;

/** ifcfg-<interface>: the user's options that the wanted network leaves alone, and behind them that network. */
export function renderIfcfg(wanted: WantedInterface, old: string): string {
  const { label, addresses, mtuBytes } = wanted;
  const isMtuHosts = mtuBytes !== undefined || hostNames(old).has("MTU");
  return replaceAssignments(withoutEarlierHead(old), {
    drops: (name) => addressing.test(name) || (name === "MTU" && isMtuHosts),
    lines: [
      ...(label === "" ? [] : [LABEL_COMMENT + label]),
      "STARTMODE='auto'",
      "BOOTPROTO='static'",
      ...addresses.map((prefix, index) => `IPADDR${index === 0 ? "" : `_${index}`}='${prefixText(prefix)}'`),
      ...(mtuBytes === undefined ? [] : [HOST_COMMENT, `MTU='${mtuBytes}'`]),
    ],
  });
}

/** ifroute-<interface>: destination, gateway, no mask, interface, options; empty without routes. */
export function renderIfroute({ name, routes }: WantedInterface): string {
  return routes
    .flatMap((route) => routeLines(route, name))
    .map((line) => `${line}\n`)
    .join("");
}

function routeLines({ destination, gateway, isOnLink, metric }: WantedRoute, name: string): string[] {
  const network = prefixText({ address: networkOf(destination), prefixLength: destination.prefixLength });
  const to = destination.prefixLength === 0 ? "default" : network;
  const rank = metric === undefined ? "" : ` metric ${metric}`;
  if (isOnLink && gateway.family === 6) {
    // Linux has onlink for IPv6 since 4.16, and not where another interface reaches the gateway. The
    // route to it has the rank of the one behind it, because two interfaces may have the same gateway.
    return [`${gateway.text}/128 - - ${name}${rank}`, `${to} ${gateway.text} - ${name}${rank}`];
  }
  return [`${to} ${gateway.text} - ${name}${isOnLink ? " onlink" : ""}${rank}`];
}

/** ifsysctl-<interface>: addresses from nobody else, once IPv6 ones are wanted; the user's other lines stay. */
export function renderIfsysctl({ name, addresses }: WantedInterface, old: string): string {
  if (!addresses.some(({ address }) => address.family === 6)) return old;
  const kept = old.split("\n").filter((line) => line !== "" && !otherIpv6.test(line));
  // With slashes a dot in the name is one.
  const own = ["accept_ra", "autoconf"].map((key) => `net/ipv6/conf/${name}/${key} = 0`);
  return [...kept, ...own, ""].join("\n");
}
