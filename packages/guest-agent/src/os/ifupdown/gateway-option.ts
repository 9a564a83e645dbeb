import { contains, type Family, type IpAddress, parseAddress, type Prefix } from "../../network/address.ts";
import { wantedGateways } from "../../network/gateway.ts";
import type { WantedNetwork } from "../../network/wanted-network.ts";
import type { NetworkFacts } from "../backend.ts";
import { type InterfacesEntry, parseInterfaces } from "./interfaces-file.ts";

/**
 * The families whose default routes commands have to add, because Linux might refuse what ifup makes of
 * the option `gateway` (ip-route(8)): a second route of one metric, where an interface that the host does
 * not name has a default route, or gets one from its stanza or DHCP; and `onlink`, which some programs
 * ask for, through an IPv6 gateway that a subnet of another interface has.
 */
export function familiesWithoutGateway(
  wanted: WantedNetwork,
  text: string,
  facts: NetworkFacts,
): ReadonlySet<Family> {
  return new Set([...rivalFamilies(wanted, text, facts), ...ambiguousFamilies(wanted, text, facts)]);
}

function rivalFamilies({ interfaces }: WantedNetwork, text: string, { kernel }: NetworkFacts): Family[] {
  const names = new Set(interfaces.map(({ name }) => name));
  // One that is gone has stanzas yet, and no route.
  const isRival = (name: string) => !names.has(name) && (kernel === undefined || kernel.links.has(name));
  const inFiles = parseInterfaces(text).flatMap((entry) =>
    entry.keyword === "iface" && isRival(nameOf(entry)) && hasDefault(entry) ? [familyOf(entry)] : [],
  );
  const inKernel = (kernel?.routes ?? []).flatMap(({ linkName, destination }) =>
    destination.prefixLength === 0 && isRival(linkName) ? [destination.address.family] : [],
  );
  return [...inFiles, ...inKernel];
}

function nameOf({ words: [name = ""] }: InterfacesEntry): string {
  return name.split(":")[0] ?? name;
}

function familyOf({ words }: InterfacesEntry): Family {
  return words[1] === "inet6" ? 6 : 4;
}

function hasDefault({ words, options }: InterfacesEntry): boolean {
  return words[2] === "dhcp" || options.some((option) => /^gateway |\bdefault\b/.test(option));
}

interface LinkSubnet extends Prefix {
  readonly linkName: string;
}

function ambiguousFamilies({ interfaces }: WantedNetwork, text: string, facts: NetworkFacts): Family[] {
  const names = new Set(interfaces.map(({ name }) => name));
  const subnets = [
    ...interfaces.flatMap(({ name, addresses }) => addresses.map((each) => ({ ...each, linkName: name }))),
    ...[...subnetsInFiles(text), ...subnetsInKernel(facts)].filter(({ linkName }) => !names.has(linkName)),
  ];
  const isAmbiguous = (gateway: IpAddress, linkName: string) =>
    subnets.some((subnet) => subnet.linkName !== linkName && contains(subnet, gateway));
  return wantedGateways(interfaces).flatMap(({ address, linkName }) =>
    address.family === 6 && isAmbiguous(address, linkName) ? [address.family] : [],
  );
}

function subnetsInKernel({ kernel }: NetworkFacts): LinkSubnet[] {
  const links = [...(kernel?.links.values() ?? [])];
  return links.flatMap(({ name, addresses }) => addresses.map((each) => ({ ...each, linkName: name })));
}

function subnetsInFiles(text: string): LinkSubnet[] {
  return parseInterfaces(text).flatMap((entry) =>
    entry.options.flatMap((option) => {
      const [, local = "", length = ""] = /^address ([^/]+)\/(\d+)$/.exec(option) ?? [];
      const address = parseAddress(local);
      return address === undefined
        ? []
        : [{ linkName: nameOf(entry), address, prefixLength: Number(length) }];
    }),
  );
}
