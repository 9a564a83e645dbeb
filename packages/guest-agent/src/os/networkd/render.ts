import { prefixText } from "../../network/address.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { assign, comment, type IniEntry, type IniSection, renderIni } from "../../ini-file.ts";

/** Sections that say what the host says, or how to ask others for it. */
const contradictingSection =
  /^(|Match|Address|Route|NextHop|DHCP|DHCPv[46]|DHCPPrefixDelegation|IPv6AcceptRA)$/;

/** Settings of the same kind in `[Network]` and `[Link]`; with `Unmanaged=` networkd would do nothing. */
const contradictingSetting =
  /^(Address|Gateway|DNS|DHCP|LinkLocalAddressing|IPv6AcceptRA|IPv6AcceptRouterAdvertisements|KeepConfiguration|Description|MACAddress|Unmanaged|ActivationPolicy)$/;

/**
 * The unit of one interface (systemd.network(5)). networkd reads one unit an interface, so the settings
 * of the user's that it replaces stand in it, without those that contradict the host.
 */
export function renderUnit(wanted: WantedInterface, replaced: readonly IniSection[]): string {
  const kept = (section: string) => keptEntries(replaced, { section, wanted });
  const others = replaced.filter(
    ({ name }) => !contradictingSection.test(name) && name !== "Link" && name !== "Network",
  );
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
    ...wanted.routes.map((route) => ({ name: "Route", entries: routeEntries(route) })),
    ...others,
  ]);
}

/** A user's assignments in a section, without those that say what the host says. */
function keptEntries(
  sections: readonly IniSection[],
  { section, wanted }: { readonly section: string; readonly wanted: WantedInterface },
): IniEntry[] {
  const entries = sections.filter(({ name }) => name === section).flatMap((each) => each.entries);
  return entries.filter(({ key }) => {
    if (key === "MTUBytes") return wanted.mtuBytes === undefined;
    return key !== "" && !contradictingSetting.test(key);
  });
}

function networkEntries({ addresses, dns }: WantedInterface): IniEntry[] {
  // Routers' announcements bring addresses, and may ask for DHCP.
  const isStatic = addresses.length === 0 || addresses.some(({ address }) => address.family === 6);
  return [
    assign("DHCP", "no"),
    assign("LinkLocalAddressing", "ipv6"),
    ...(isStatic ? [assign("IPv6AcceptRA", "no")] : []),
    ...addresses.map((address) => assign("Address", prefixText(address))),
    ...dns.map((server) => assign("DNS", server.text)),
  ];
}

function routeEntries({ destination, gateway, isOnLink, metric }: WantedRoute): IniEntry[] {
  return [
    assign("Destination", prefixText(destination)),
    assign("Gateway", gateway.text),
    ...(isOnLink ? [assign("GatewayOnLink", "yes")] : []),
    ...(metric === undefined ? [] : [assign("Metric", metric)]),
  ];
}
