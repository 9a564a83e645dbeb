import type { Family } from "../../network/address.ts";
import type { WantedNetwork } from "../../network/wanted-network.ts";
import type { NetworkFacts } from "../backend.ts";
import { type InterfacesEntry, parseInterfaces } from "./interfaces-file.ts";

/**
 * The families of which an interface that the host does not name has a default route, or gets one when
 * ifup brings it up: by its stanza, or by DHCP.
 */
export function rivalFamilies(
  { interfaces }: WantedNetwork,
  text: string,
  { kernel }: NetworkFacts,
): ReadonlySet<Family> {
  const names = new Set(interfaces.map(({ name }) => name));
  // One that is gone has stanzas yet, and no route.
  const isRival = (name: string) => !names.has(name) && (kernel === undefined || kernel.links.has(name));
  const inFiles = parseInterfaces(text).flatMap((entry) => {
    const [name = ""] = (entry.words[0] ?? "").split(":");
    return entry.keyword === "iface" && isRival(name) && hasDefault(entry) ? [familyOf(entry)] : [];
  });
  const inKernel = (kernel?.routes ?? []).flatMap(({ linkName, destination }) =>
    destination.prefixLength === 0 && isRival(linkName) ? [destination.address.family] : [],
  );
  return new Set([...inFiles, ...inKernel]);
}

function familyOf({ words }: InterfacesEntry): Family {
  return words[1] === "inet6" ? 6 : 4;
}

function hasDefault({ words, options }: InterfacesEntry): boolean {
  return words[2] === "dhcp" || options.some((option) => /^gateway |\bdefault\b/.test(option));
}
