/** An address in vm-data: `netmask` is dotted for IPv4 and a prefix length for IPv6. */
export interface AddressData {
  readonly ip: string;
  readonly netmask: string | number;
  readonly enabled: "1" | "0";
  readonly gateway: string | null;
}

/**
 * The JSON under `vm-data/networking/<MAC>`, with the keys that Nova writes (nova,
 * virt/xenapi/vmops.py, inject_network_info).
 */
export interface NetworkData {
  readonly label: string;
  readonly mac: string;
  readonly broadcast: string;
  readonly gateway: string | null;
  readonly gateway_v6: string | null;
  readonly ips: readonly AddressData[];
  readonly ip6s?: readonly AddressData[];
  readonly routes: readonly { readonly route: string; readonly netmask: string; readonly gateway: string }[];
  readonly dns: readonly string[];
}

/**
 * The networks of the demo guest: `public` with two addresses of each family, `private` with one and
 * with routes. The addresses are those reserved for documentation (RFC 5737, RFC 3849) and for private
 * use (RFC 1918). Without `hasIpv6` there is none of it, for kernels that lack it.
 */
export function demoNetworks({ hasIpv6 }: { readonly hasIpv6: boolean }): NetworkData[] {
  const dns = ["192.0.2.53", "192.0.2.54"];
  return [
    {
      label: "public",
      mac: "00:16:3E:4A:10:01",
      broadcast: "203.0.113.255",
      gateway: "203.0.113.1",
      gateway_v6: hasIpv6 ? "fe80::def" : null,
      ips: [ipv4("203.0.113.10", "203.0.113.1"), ipv4("203.0.113.11", null)],
      ...(hasIpv6 && { ip6s: [ipv6("2001:db8:10::10", "fe80::def"), ipv6("2001:db8:10::11", null)] }),
      routes: [],
      dns,
    },
    {
      label: "private",
      mac: "00:16:3E:4A:10:02",
      broadcast: "10.208.255.255",
      gateway: null,
      gateway_v6: null,
      ips: [{ ip: "10.208.227.239", netmask: "255.255.224.0", enabled: "1", gateway: null }],
      routes: [
        { route: "10.208.0.0", netmask: "255.240.0.0", gateway: "10.208.224.1" },
        { route: "10.176.0.0", netmask: "255.240.0.0", gateway: "10.208.224.1" },
      ],
      dns,
    },
  ];
}

function ipv4(ip: string, gateway: string | null): AddressData {
  return { ip, netmask: "255.255.255.0", enabled: "1", gateway };
}

function ipv6(ip: string, gateway: string | null): AddressData {
  return { ip, netmask: 64, enabled: "1", gateway };
}
