import { contains, parseAddress, prefixText } from "../../network/address.ts";
import { gatewayDestination, isOnLinkRefused, isShared, type RoutePlace } from "../../network/ip-route.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { assign, comment, type IniEntry, type IniSection, renderIni } from "../../ini-file.ts";

/** Sections that say what the host says, or how to ask others for it. */
const contradictingSection = /^(|Match|Address|Route|NextHop|DHCP|DHCPv[46]|DHCPPrefixDelegation)$/;

/** Settings of the same kind in `[Network]` and `[Link]`; with `Unmanaged=` networkd would do nothing. */
const contradictingSetting =
  /^(Address|Gateway|DNS|DHCP|KeepConfiguration|Description|MACAddress|Unmanaged|ActivationPolicy)$/;

/** A section, and the setting in `[Network]` under both its names: whether to listen to routers. */
const announcements = /^(IPv6AcceptRA|IPv6AcceptRouterAdvertisements)$/;

/**
 * The unit of one interface (systemd.network(5)). networkd reads one unit an interface, so the settings
 * of the user's that it replaces stand in it, without those that contradict the host.
 */
export function renderUnit(
  wanted: WantedInterface,
  { replaced, all }: { readonly replaced: readonly IniSection[]; readonly all: readonly WantedInterface[] },
): string {
  const kept = (section: string) => keptEntries(replaced, { section, wanted });
  const others = replaced.filter((section) => isKeptSection(section, wanted));
  const { label, name, mac, mtuBytes } = wanted;
  const head = [comment("Written by nova-agent at every reset of the network")];
  return renderIni([
    { name: "", entries: label === "" ? head : [...head, comment(`Label ${label}`)] },
    { name: "Match", entries: [assign("MACAddress", mac), assign("Name", name)] },
    {
      name: "Link",
      entries: [...(mtuBytes === undefined ? [] : [assign("MTUBytes", mtuBytes)]), ...kept("Link")],
    },
    { name: "Network", entries: [...networkEntries(wanted), ...kept("Network")] },
    ...wanted.routes.flatMap((route) => routeSections(route, { name, interfaces: all })),
    ...others,
  ]);
}

function isKeptSection(section: IniSection, wanted: WantedInterface): boolean {
  const { name } = section;
  if (name === "Link" || name === "Network") return false;
  if (announcements.test(name)) return !hasIpv6(wanted);
  return !contradictingSection.test(name) || isPolicyRoute(section, wanted);
}

/**
 * Whether a section is a route of another table than the main one, which the user's rules may point to;
 * networkd would give the link up for one whose gateway is in none of its subnets.
 */
function isPolicyRoute({ name, entries }: IniSection, { addresses }: WantedInterface): boolean {
  const valuesOf = (key: string) => entries.flatMap((entry) => (entry.key === key ? [entry.value] : []));
  const isReached = (text: string) => {
    const gateway = parseAddress(text);
    return gateway !== undefined && addresses.some((prefix) => contains(prefix, gateway));
  };
  const isOther = valuesOf("Table").some((table) => !/^(|main|default|local|25[345])$/.test(table));
  return name === "Route" && isOther && valuesOf("Gateway").every(isReached);
}

/** A user's assignments in a section, without those that say what the host says. */
function keptEntries(
  sections: readonly IniSection[],
  { section, wanted }: { readonly section: string; readonly wanted: WantedInterface },
): IniEntry[] {
  const entries = sections.filter(({ name }) => name === section).flatMap((each) => each.entries);
  return entries.filter(({ key, value }) => {
    if (key === "MTUBytes") return wanted.mtuBytes === undefined;
    if (announcements.test(key)) return !hasIpv6(wanted);
    // Without an address of its own a link does not hear routers either; it stands behind the agent's.
    if (key === "LinkLocalAddressing") return !hasIpv6(wanted) && /^(no|n|false|f|off|0)$/i.test(value);
    return key !== "" && !contradictingSetting.test(key);
  });
}

/** Where the host wants no IPv6, what a router announces is the guest's own business. */
function hasIpv6({ addresses }: WantedInterface): boolean {
  return addresses.some(({ address }) => address.family === 6);
}

function networkEntries(wanted: WantedInterface): IniEntry[] {
  const { addresses, dns } = wanted;
  return [
    assign("DHCP", "no"),
    assign("LinkLocalAddressing", "ipv6"),
    ...(hasIpv6(wanted) ? [assign("IPv6AcceptRA", "no")] : []),
    ...addresses.map((address) => assign("Address", prefixText(address))),
    ...dns.map((server) => assign("DNS", server.text)),
  ];
}

function routeSections(route: WantedRoute, place: RoutePlace): IniSection[] {
  const { destination, gateway, isOnLink, metric } = route;
  const rank = metric === undefined ? [] : [assign("Metric", metric)];
  const toGateway = gatewayDestination(route);
  // networkd sets routes in any order. It does wait for the one to the gateway, but takes one for set
  // that it has set and removed before; with `GatewayOnLink=`, which kernels before 4.16 pass over,
  // the order does not matter.
  const isSaid = isOnLink && (toGateway === undefined || !isOnLinkRefused(gateway, place));
  // Of two interfaces that have routes to one gateway the kernel refuses `GatewayOnLink=` to one, and
  // to the other until its own route is there.
  const hasRoute = toGateway !== undefined && !(isSaid && isShared(gateway, place));
  return [
    ...(hasRoute ? [{ name: "Route", entries: [assign("Destination", toGateway), ...rank] }] : []),
    {
      name: "Route",
      entries: [
        assign("Destination", prefixText(destination)),
        assign("Gateway", gateway.text),
        ...(isSaid ? [assign("GatewayOnLink", "yes")] : []),
        ...rank,
      ],
    },
  ];
}
