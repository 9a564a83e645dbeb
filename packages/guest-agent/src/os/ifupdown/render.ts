import { contains, type Prefix, prefixText } from "../../network/address.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";

/** How a line begins that says which network a stanza is of; earlier agents wrote it too. */
export const LABEL_COMMENT = "# Label ";

/**
 * The stanzas of one interface (interfaces(5)): one `iface` an address, which ifupdown merges since
 * 0.7. A route stands in the stanza whose address reaches its gateway, because the stanzas are
 * brought up one after the other.
 */
export function renderStanzas(wanted: WantedInterface): string {
  const { name, label, addresses } = wanted;
  const stanzas = addresses.map((address, index) => [
    `iface ${name} ${address.address.family === 4 ? "inet" : "inet6"} static`,
    `    address ${prefixText(address)}`,
    ...routeLines(wanted, index),
    ...(isFirstOfFamily(addresses, index, 6) ? ["    accept_ra 0"] : []),
    ...(index === 0 ? linkLines(wanted) : []),
  ]);
  const manual = [`iface ${name} inet manual`, ...linkLines(wanted)];
  return [
    ...(label === "" ? [] : [LABEL_COMMENT + label]),
    `auto ${name}`,
    ...(stanzas.length === 0 ? manual : stanzas.flat()),
  ].join("\n");
}

/** What holds for the whole interface, once. resolvconf takes name servers from any stanza. */
function linkLines({ dns, mtuBytes }: WantedInterface): string[] {
  return [
    ...(dns.length === 0 ? [] : [`    dns-nameservers ${dns.map((server) => server.text).join(" ")}`]),
    ...(mtuBytes === undefined ? [] : [`    mtu ${mtuBytes}`]),
  ];
}

function isFirstOfFamily(addresses: readonly Prefix[], index: number, family: number): boolean {
  return index === addresses.findIndex(({ address }) => address.family === family);
}

/** Lines of the routes that belong into the stanza of the address at `index`. */
function routeLines(wanted: WantedInterface, index: number): string[] {
  const own = wanted.routes.filter((route) => stanzaOf(route, wanted.addresses) === index);
  const first = own.find(({ destination, isOnLink }) => destination.prefixLength === 0 && !isOnLink);
  return own.flatMap((route) => (route === first ? gatewayLines(route) : commandLines(route, wanted.name)));
}

function gatewayLines({ gateway, metric }: WantedRoute): string[] {
  return [`    gateway ${gateway.text}`, ...(metric === undefined ? [] : [`    metric ${metric}`])];
}

/** The stanza whose address reaches the gateway; for one outside every subnet the family's last. */
function stanzaOf({ gateway, isOnLink }: WantedRoute, addresses: readonly Prefix[]): number {
  const reaching = addresses.findIndex((prefix) => contains(prefix, gateway));
  if (reaching >= 0) return reaching;
  const isOfFamily = ({ address }: Prefix) => address.family === gateway.family;
  // A link-local gateway is reached from any address.
  return isOnLink ? addresses.findLastIndex(isOfFamily) : addresses.findIndex(isOfFamily);
}

function commandLines(route: WantedRoute, name: string): string[] {
  const ip = route.gateway.family === 4 ? "ip route" : "ip -6 route";
  const destination = route.destination.prefixLength === 0 ? "default" : prefixText(route.destination);
  const metric = route.metric === undefined ? "" : ` metric ${route.metric}`;
  const target = `${destination} via ${route.gateway.text} dev ${name}${metric}`;
  return [
    `    up ${ip} replace ${target}${route.isOnLink ? " onlink" : ""}`,
    `    down ${ip} del ${target} || true`,
  ];
}
