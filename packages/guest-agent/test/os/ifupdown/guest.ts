import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { privateRoot, runChecked, temporaryDirectory } from "@nova-agent/testbed";
import type { ResetOutcome, WantedReset } from "./guest-program.ts";

const timeoutMs = 200_000;
const script = fileURLToPath(new URL("../../../../test/os/ifupdown/guest-namespace.sh", import.meta.url));
const program = fileURLToPath(new URL("guest-program.js", import.meta.url));

/** Debian packages that bring an ifup. */
export type IfupPackage = "ifupdown" | "ifupdown2" | "ifupdown-ng" | "busybox-static";

/** Programs that keep /etc/resolv.conf, by their Debian packages. */
export type ResolverPackage = "resolvconf" | "openresolv";

/** Resets the network of one guest with the ifup of a Debian package, once for every entry. */
export function resetGuestOf(
  debianPackage: IfupPackage,
  context: TestContext,
  resets: readonly WantedReset[],
): Promise<ResetOutcome[]> {
  return resetGuestWith({ debianPackage, environment: {} }, context, resets);
}

/** The same in a guest with busybox's ifup, which carries no name servers, and with this program. */
export async function resetResolver(
  resolver: ResolverPackage,
  context: TestContext,
  resets: readonly WantedReset[],
): Promise<ResetOutcome[]> {
  const environment = { RESOLVCONF_ROOT: await privateRoot([resolver]) };
  return resetGuestWith({ debianPackage: "busybox-static", environment }, context, resets);
}

interface GuestKind {
  readonly debianPackage: IfupPackage;
  readonly environment: Readonly<Record<string, string>>;
}

async function resetGuestWith(
  { debianPackage, environment }: GuestKind,
  context: TestContext,
  resets: readonly WantedReset[],
): Promise<ResetOutcome[]> {
  const root = await privateRoot([debianPackage]);
  const work = await temporaryDirectory(context);
  const ifup = debianPackage.replace("-static", "");
  const guest = [script, ifup, root, work, process.execPath, program, JSON.stringify(resets)];
  const output = await runChecked({ argv: ["unshare", "-Urnmu", ...guest], environment, timeoutMs });
  return output
    .trimEnd()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as ResetOutcome);
}

/** What a reset should make of the guest, without the texts of its files. */
export function stateOf({ addresses, routes, links, up, hostname }: ResetOutcome) {
  return { addresses, routes, links, up, hostname };
}

const bothUp = { links: ["eth0 mtu 1500", "eth1 mtu 1500"], up: ["eth0=eth0", "eth1=eth1", "lo=lo"] };

/** What the canonical network is in the kernel. */
export const canonical = {
  addresses: [
    "eth0 198.51.100.10/24",
    "eth0 198.51.100.11/24",
    "eth0 2001:db8:0:1::10/64",
    "eth0 2001:db8:0:1::11/64",
    "eth1 10.208.227.239/19",
    "eth1 10.208.227.240/19",
    "eth1 fd00:0:0:2::20/64",
    "eth1 fd00:0:0:2::21/64",
  ],
  routes: [
    "10.176.0.0/12 via 10.208.224.1 dev eth1",
    "10.208.0.0/12 via 10.208.224.1 dev eth1",
    "default via 198.51.100.1 dev eth0 onlink",
    "default via fe80::def dev eth0 onlink",
  ],
  ...bothUp,
  hostname: "web01",
};

/** What two gateways are in the kernel. */
export const twoGateways = {
  addresses: ["eth0 198.51.100.10/24", "eth1 10.208.227.239/19", "eth1 fd00:0:0:2::20/64"],
  routes: [
    "default via 10.208.224.1 dev eth1 metric 2049 onlink",
    "default via 198.51.100.1 dev eth0 onlink",
    "default via fe80::1 dev eth1 onlink",
  ],
  ...bothUp,
  hostname: "web01",
};

const single = { links: ["eth0 mtu 1500"], up: ["eth0=eth0", "lo=lo"], hostname: "guest" };
/** Networks of one interface, and what they are in the kernel. */
export const networks = {
  "v6-only": {
    ...single,
    addresses: ["eth0 2001:db8:0:1::10/64"],
    routes: ["default via 2001:db8:0:1::1 dev eth0 onlink"],
  },
  "onlink-gateway": {
    ...single,
    addresses: [
      "eth0 10.1.0.8/24",
      "eth0 2001:db8:0:1::10/128",
      "eth0 203.0.113.7/32",
      "eth0 203.0.113.9/32",
    ],
    routes: [
      "10.2.0.0/16 via 10.1.0.1 dev eth0",
      "192.0.2.0/24 via 198.51.100.2 dev eth0 onlink",
      "default via 198.51.100.1 dev eth0 onlink",
      // The gateway is outside every subnet: it has a route of its own, by which it is reached.
      "default via 2001:db8:0:1::1 dev eth0",
    ],
  },
  "no-gateway": { ...single, addresses: ["eth0 10.208.227.239/19"], routes: [], links: ["eth0 mtu 1400"] },
  "hostile-label": { ...single, addresses: ["eth0 198.51.100.10/24"], routes: [] },
  "no-address": { ...single, addresses: [], routes: [] },
};
