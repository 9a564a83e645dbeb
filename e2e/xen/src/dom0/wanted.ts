import type { NetworkingEntry, VmData } from "./vm-data.ts";
import { privateVif, publicVif } from "./world.ts";

const publicAtFirst: NetworkingEntry = {
  label: "public",
  mac: publicVif.mac.toUpperCase(),
  gateway: "198.51.100.1",
  gateway_v6: "2001:db8:51::1",
  ips: [{ ip: "198.51.100.10", netmask: "255.255.255.0", enabled: "1" }],
  ip6s: [{ ip: "2001:db8:51::10", netmask: 64, enabled: "1" }],
  dns: ["198.51.100.1"],
};

const privateAlways: NetworkingEntry = {
  label: "private",
  mac: privateVif.mac.toUpperCase(),
  ips: [{ ip: "10.208.227.239", netmask: "255.255.224.0", enabled: "1" }],
  routes: [{ route: "10.176.0.0", netmask: "255.240.0.0", gateway: "10.208.224.1" }],
};

/** What the host wants of the guest before it starts. */
export const wantedAtFirst: VmData = { hostname: "web-1", networking: [publicAtFirst, privateAlways] };

/** The same guest with other addresses in its public network. */
export const wantedLater: VmData = {
  hostname: "web-2",
  networking: [
    {
      ...publicAtFirst,
      ips: [{ ip: "198.51.100.20", netmask: "255.255.255.0", enabled: "1" }],
      ip6s: [{ ip: "2001:db8:51::20", netmask: 64, enabled: "1" }],
    },
    privateAlways,
  ],
};

/** One of the two, and the addresses in its public network. */
export interface WantedGuest {
  readonly data: VmData;
  readonly address: string;
  /** As `ip address` shows it. */
  readonly address6: string;
}

/** The one of the two that the guest does not have, by its network file. */
export function wantedInPlaceOf(file: string): WantedGuest {
  return file.includes("198.51.100.10/")
    ? { data: wantedLater, address: "198.51.100.20", address6: "2001:db8:51::20/64" }
    : { data: wantedAtFirst, address: "198.51.100.10", address6: "2001:db8:51::10/64" };
}
