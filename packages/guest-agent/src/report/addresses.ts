import { parseAddress } from "../network/address.ts";
import type { InterfaceAddress } from "../system/system.ts";
import { ADDRESSES_MAX } from "./limits.ts";

/** A network interface, as sysfs tells of it. */
export interface NetworkInterface {
  readonly name: string;
  /** In lower case; undefined for one that has none. */
  readonly mac: string | undefined;
  /** The N of `device/vif/N`, undefined for what is no VIF. */
  readonly vifIndex: number | undefined;
  /** Whether it has a device of its own, on whatever bus, unlike bridges and what else the kernel makes up. */
  readonly hasDevice: boolean;
  /** Interfaces below it: a bridge's ports, a bond's members, what a VLAN lies on. */
  readonly lower: readonly string[];
}

/** A virtual function of a network card, as the host names it. */
export interface SriovFunction {
  readonly id: string;
  readonly mac: string;
}

/** What is known of the guest's network. */
export interface NetworkFacts {
  readonly interfaces: readonly NetworkInterface[];
  readonly addresses: readonly InterfaceAddress[];
  readonly sriovFunctions: readonly SriovFunction[];
}

/**
 * What is published of the addresses: one a node, numbered from 0 in each family, those of the VIF itself
 * before those of what lies on it. A bridge's, bond's or VLAN's are those of the first VIF below it, for
 * a toolstack looks for an address in one place; of virtual functions, where the host looks for them.
 */
export function addressNodes(facts: NetworkFacts): ReadonlyMap<string, string> {
  const places = placesOf(facts);
  const lists = new Map<string, string[]>();
  // Those of an interface with a place of its own go first.
  for (const isOwn of [true, false]) {
    for (const { interfaceName, address } of facts.addresses) {
      if (places.own.has(interfaceName) !== isOwn) continue;
      const place = isOwn ? places.own.get(interfaceName) : placeBelow(interfaceName, { facts, places });
      const family = parseAddress(address)?.family;
      if (place === undefined || family === undefined) continue;
      const directory = `${place}/ipv${family}`;
      lists.set(directory, [...(lists.get(directory) ?? []), address]);
    }
  }
  return new Map(
    [...lists].flatMap(([directory, addresses]) =>
      [...new Set(addresses)]
        .slice(0, ADDRESSES_MAX)
        .map((address, slot): [string, string] => [`${directory}/${slot}`, address]),
    ),
  );
}

interface Places {
  /** Where the addresses of an interface are published, by its name. */
  readonly own: ReadonlyMap<string, string>;
  readonly byName: ReadonlyMap<string, NetworkInterface>;
}

function placesOf({ interfaces, sriovFunctions }: NetworkFacts): Places {
  const functions = new Map(sriovFunctions.map(({ id, mac }) => [mac, id]));
  const own = new Map<string, string>();
  for (const { name, vifIndex, mac, hasDevice } of interfaces) {
    // Bonds and VLANs have their function's MAC address too, but no device.
    const id = hasDevice && mac !== undefined ? functions.get(mac) : undefined;
    if (vifIndex !== undefined) own.set(name, `attr/vif/${vifIndex}`);
    else if (id !== undefined) own.set(name, `xenserver/attr/net-sriov-vf/${id}`);
  }
  return { own, byName: new Map(interfaces.map((each) => [each.name, each])) };
}

/** The place of the first VIF, or else function, that lies below an interface. */
function placeBelow(
  name: string,
  { facts, places }: { readonly facts: NetworkFacts; readonly places: Places },
): string | undefined {
  const below = namesBelow(name, places.byName);
  const carriers = facts.interfaces.filter((each) => below.has(each.name) && places.own.has(each.name));
  const [first] = carriers.toSorted(byVifIndex);
  return first && places.own.get(first.name);
}

/** VIFs in their order, what is none behind them. */
function byVifIndex({ vifIndex: left }: NetworkInterface, { vifIndex: right }: NetworkInterface): number {
  return (left ?? Number.MAX_SAFE_INTEGER) - (right ?? Number.MAX_SAFE_INTEGER);
}

/** All interfaces below one, however far; a loop, which no kernel makes, ends. */
function namesBelow(name: string, byName: ReadonlyMap<string, NetworkInterface>): ReadonlySet<string> {
  const found = new Set<string>();
  const ahead = [...(byName.get(name)?.lower ?? [])];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    ahead.push(...(byName.get(next)?.lower ?? []));
  }
  return found;
}
