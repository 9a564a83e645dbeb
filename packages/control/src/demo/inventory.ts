import { existsSync } from "node:fs";
import type { FixedIp, Flavor, Image, InventoryRepository, Network } from "@nova-agent/host";

/** Names by which the demo finds what it made. */
export const DEMO_IMAGE = "debian";
export const DEMO_FLAVOR = "demo.small";

/** A network with the demo guest's own card in it. */
interface DemoNetwork {
  readonly network: Omit<Network, "id">;
  readonly card: { readonly mac: string; readonly fixedIps: readonly FixedIp[] };
}

/**
 * The networks, in the order of the demo guest's cards. The addresses are those reserved for documentation
 * (RFC 5737, RFC 3849) and for private use (RFC 1918). Where the kernel has no IPv6 there is none of it.
 */
export function demoNetworks(): readonly DemoNetwork[] {
  const hasIpv6 = process.platform !== "linux" || existsSync("/proc/sys/net/ipv6");
  const common = { projectId: undefined, dns: ["192.0.2.53", "192.0.2.54"] };
  const publicIpv6 = ["2001:db8:10::10", "2001:db8:10::11"].map((address) => ({ address, prefixLength: 64 }));
  return [
    {
      network: {
        ...common,
        name: "public",
        bridge: "xenbr0",
        cidr: "203.0.113.0/24",
        cidr6: hasIpv6 ? "2001:db8:10::/64" : undefined,
        gateway: "203.0.113.1",
        gateway6: hasIpv6 ? "fe80::def" : undefined,
        routes: [],
      },
      card: {
        mac: "00:16:3e:4a:10:01",
        fixedIps: [
          { address: "203.0.113.10", prefixLength: 24 },
          { address: "203.0.113.11", prefixLength: 24 },
          ...(hasIpv6 ? publicIpv6 : []),
        ],
      },
    },
    {
      network: {
        ...common,
        name: "private",
        bridge: "xenbr1",
        cidr: "10.208.224.0/19",
        cidr6: undefined,
        gateway: undefined,
        gateway6: undefined,
        routes: [
          { destination: "10.208.0.0/12", gateway: "10.208.224.1" },
          { destination: "10.176.0.0/12", gateway: "10.208.224.1" },
        ],
      },
      card: { mac: "00:16:3e:4a:10:02", fixedIps: [{ address: "10.208.227.239", prefixLength: 19 }] },
    },
  ];
}

/** Below `vm-data/provider_data` of every guest, as a provider writes it. */
export const PROVIDER_DATA = {
  provider: "Rackspace",
  region: "DFW",
  roles: JSON.stringify(["admin"]),
  "ip_whitelist/0": "10.208.0.0/12",
};

const IMAGES: readonly Omit<Image, "id" | "createdAt">[] = [
  image({ name: DEMO_IMAGE, reference: "demo:debian" }),
  image({ name: "rescue", reference: "demo:rescue", isRescue: true }),
  image({ name: "no-agent", reference: "demo:no-agent", hasAgent: false }),
];

const FLAVORS: readonly Flavor[] = [
  { id: "1", name: DEMO_FLAVOR, vcpus: 1, ramMib: 512, diskGib: 1 },
  { id: "2", name: "demo.large", vcpus: 2, ramMib: 2048, diskGib: 4 },
];

/** Puts what instances are made of into an empty database. */
export async function fillInventory(
  inventory: InventoryRepository,
  { newId, now }: { readonly newId: () => string; readonly now: () => Date },
): Promise<void> {
  for (const item of IMAGES) await inventory.insertImage({ ...item, id: newId(), createdAt: now() });
  for (const flavor of FLAVORS) await inventory.insertFlavor(flavor);
  for (const { network } of demoNetworks()) await inventory.insertNetwork({ ...network, id: newId() });
}

function image({
  name,
  reference,
  hasAgent = true,
  isRescue = false,
}: {
  readonly name: string;
  readonly reference: string;
  readonly hasAgent?: boolean;
  readonly isRescue?: boolean;
}): Omit<Image, "id" | "createdAt"> {
  return { name, reference, hasAgent, isRescue, osType: "linux", minDiskGib: 0, minRamMib: 0 };
}
