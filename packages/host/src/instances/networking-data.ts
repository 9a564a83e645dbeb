import { lastOf, netmaskOf, parseAddress, parseBlock, renderAddress } from "./addresses.ts";
import type { FixedIp, Port } from "./instance.ts";
import type { Network } from "./inventory.ts";

/** An address in `vm-data/networking`: `netmask` has dots for IPv4 and is a length for IPv6. */
interface AddressData {
  readonly ip: string;
  readonly enabled: "1";
  readonly netmask: string | number;
  readonly gateway: string | null;
}

/**
 * What a guest is told of one network card (nova, virt/xenapi/vmops.py, inject_network_info). What there
 * is none of is left out, but for the IPv4 addresses and gateway.
 */
export interface NetworkingData {
  readonly label: string;
  readonly mac: string;
  readonly gateway: string | null;
  readonly broadcast: string;
  readonly ips: readonly AddressData[];
  readonly gateway_v6?: string | null;
  readonly ip6s?: readonly AddressData[];
  readonly routes?: readonly { readonly route: string; readonly netmask: string; readonly gateway: string }[];
  readonly dns?: readonly string[];
}

/** The key below `vm-data/networking`: the MAC address without colons, in the case that its JSON has it in. */
export function networkingKey({ mac }: Pick<Port, "mac">): string {
  return mac.replaceAll(":", "");
}

/** What the guest is told of a card in a network. */
export function networkingData(port: Port, network: Network): NetworkingData {
  const [ips, ip6s] = [ofFamily(port, 4), ofFamily(port, 6)];
  const gateway = network.gateway ?? null;
  const gateway6 = network.gateway6 ?? null;
  const routes = network.routes.flatMap(routeData);
  return {
    label: network.name,
    mac: port.mac,
    gateway,
    broadcast: renderAddress(lastOf(parseBlock(network.cidr))),
    ips: ips.map((ip) => addressData(ip, { netmask: netmaskOf(ip), gateway })),
    ...(ip6s.length > 0 && {
      gateway_v6: gateway6,
      ip6s: ip6s.map((ip) => addressData(ip, { netmask: ip.prefixLength, gateway: gateway6 })),
    }),
    ...(routes.length > 0 && { routes }),
    ...(network.dns.length > 0 && { dns: network.dns }),
  };
}

function ofFamily({ fixedIps }: Port, family: 4 | 6): readonly FixedIp[] {
  return fixedIps.filter(({ address }) => parseAddress(address)?.family === family);
}

function addressData(
  { address }: FixedIp,
  rest: { readonly netmask: string | number; readonly gateway: string | null },
): AddressData {
  return { ip: address, enabled: "1", ...rest };
}

/** Routes of IPv6 have no place in what agents read. */
function routeData({
  destination,
  gateway,
}: Network["routes"][number]): NonNullable<NetworkingData["routes"]>[number][] {
  const block = parseBlock(destination);
  if (block.family === 6) return [];
  return [{ route: renderAddress(block), netmask: netmaskOf(block), gateway }];
}
