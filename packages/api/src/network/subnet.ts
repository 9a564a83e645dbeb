import { createHash } from "node:crypto";
import type { Network } from "@nova-agent/host";

/** The addresses of one family in a network: Neutron's word for what our networks have one or two of. */
export interface Subnet {
  readonly id: string;
  readonly networkId: string;
  readonly projectId: string | undefined;
  readonly name: string;
  readonly version: 4 | 6;
  readonly cidr: string;
  readonly gateway: string | undefined;
  readonly dns: readonly string[];
  readonly routes: Network["routes"];
}

/** The subnets of a network: of version 4, and of version 6 when it has one. */
export function subnetsOf(network: Network): readonly Subnet[] {
  const { id: networkId, projectId, name, cidr, cidr6, gateway, gateway6, dns, routes } = network;
  const both = { networkId, projectId, name };
  const four: Subnet = {
    ...both,
    id: subnetId(networkId, 4),
    version: 4,
    cidr,
    gateway,
    dns: dns.filter((address) => !address.includes(":")),
    routes: routes.filter(({ destination }) => !destination.includes(":")),
  };
  if (cidr6 === undefined) return [four];
  const six: Subnet = {
    ...both,
    id: subnetId(networkId, 6),
    version: 6,
    cidr: cidr6,
    gateway: gateway6,
    dns: dns.filter((address) => address.includes(":")),
    routes: routes.filter(({ destination }) => destination.includes(":")),
  };
  return [four, six];
}

/** The id of a network's subnet: a UUID made of the network's, so that it is always the same (RFC 9562, 5.8). */
export function subnetId(networkId: string, version: 4 | 6): string {
  const hex = createHash("sha256").update(`subnet ${version} ${networkId}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
