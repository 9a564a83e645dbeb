import { type GuestDomain, networkKey } from "./domain-nodes.ts";
import type { DemoVif } from "./guest-files.ts";
import type { NetworkData } from "./network-data.ts";

/** The domain of a single demo guest. */
export interface DemoDomain {
  readonly domid: number;
  readonly name: string;
  /** UUID of the virtual machine. */
  readonly uuid: string;
  /** What its host name shall be. */
  readonly hostname: string;
  readonly networks: readonly NetworkData[];
  readonly memoryKib: number;
}

/** The guest's network cards: one for each network, in their order. */
export function domainVifs({ networks }: DemoDomain): DemoVif[] {
  return networks.map(({ mac }, index) => ({ interfaceName: `eth${index}`, index, mac }));
}

/** The domain with what a toolstack and Nova give a new guest. */
export function describeDemoDomain(domain: DemoDomain): GuestDomain {
  const { domid, name, uuid, memoryKib, hostname, networks } = domain;
  const vmData = {
    hostname,
    ...Object.fromEntries(networks.map((network) => [networkKey(network.mac), JSON.stringify(network)])),
    "provider_data/provider": "Rackspace",
    "provider_data/region": "DFW",
    "provider_data/roles": JSON.stringify(["admin"]),
    "provider_data/ip_whitelist/0": "10.208.0.0/12",
    "user-metadata/purpose": JSON.stringify("demo"),
  };
  return { domid, name, uuid, memoryKib, vifs: domainVifs(domain), vmData };
}
