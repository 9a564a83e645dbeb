import type { Permission } from "@nova-agent/xenstore";
import type { DemoVif } from "./guest-files.ts";
import type { NetworkData } from "./network-data.ts";

/** A domain as its toolstack knows it. */
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

/** A node to write. Without `permissions` it has its parent's (xenstore.txt, "WRITE"). */
export interface DomainNode {
  readonly path: string;
  readonly value: string;
  readonly permissions?: readonly Permission[];
}

/** The domain's directory in XenStore. */
export function domainPath(domid: number): string {
  return `/local/domain/${domid}`;
}

/** The directories outside the domain's own that belong to it. */
export function outsidePaths({ domid, uuid }: DemoDomain): string[] {
  return [`/vm/${uuid}`, `/local/domain/0/backend/vif/${domid}`];
}

/** The guest's network cards: one for each network, in their order. */
export function domainVifs({ networks }: DemoDomain): DemoVif[] {
  return networks.map(({ mac }, index) => ({ interfaceName: `eth${index}`, index, mac }));
}

/**
 * Everything a toolstack and Nova write for a new domain, parents before children. The guest may read
 * all of it and write only where its agent and its kernel have to: `data`, `attr`, `control` and its
 * ends of the devices.
 */
export function domainNodes(domain: DemoDomain): DomainNode[] {
  const { domid } = domain;
  const toolstackOnly = [entry("n", 0), entry("r", domid)];
  const guestOwned = [entry("n", domid)];
  const home = domainPath(domid);
  return [
    ...outsidePaths(domain).map((path) => ({ path, value: "", permissions: toolstackOnly })),
    { path: `/vm/${domain.uuid}/name`, value: domain.name },
    { path: home, value: "", permissions: toolstackOnly },
    ...identityNodes(domain),
    ...["data", "attr", "control"].map((name) => ({
      path: `${home}/${name}`,
      value: "",
      permissions: guestOwned,
    })),
    ...domainVifs(domain).flatMap((vif) => vifNodes(vif, domid)),
    ...vmDataNodes(domain),
  ];
}

function identityNodes({ domid, name, uuid, memoryKib }: DemoDomain): DomainNode[] {
  const home = domainPath(domid);
  return [
    { path: `${home}/name`, value: name },
    { path: `${home}/domid`, value: String(domid) },
    { path: `${home}/vm`, value: `/vm/${uuid}` },
    // Stays over a reboot's new domid in no toolstack: one id for one start of the domain.
    { path: `${home}/unique-domain-id`, value: `${uuid}-${domid}` },
    { path: `${home}/memory/target`, value: String(memoryKib) },
    { path: `${home}/memory/static-max`, value: String(memoryKib) },
  ];
}

// As blkfront and netfront find their devices: two directories that point at each other (xenstore-paths).
function vifNodes({ index, mac }: DemoVif, domid: number): DomainNode[] {
  const frontend = `${domainPath(domid)}/device/vif/${index}`;
  const backend = `/local/domain/0/backend/vif/${domid}/${index}`;
  return [
    { path: frontend, value: "", permissions: [entry("n", domid), entry("r", 0)] },
    { path: `${frontend}/backend`, value: backend },
    { path: `${frontend}/backend-id`, value: "0" },
    { path: `${frontend}/handle`, value: String(index) },
    { path: `${frontend}/mac`, value: mac.toLowerCase() },
    { path: `${frontend}/state`, value: XENBUS_CONNECTED },
    { path: `${backend}/frontend`, value: frontend },
    { path: `${backend}/frontend-id`, value: String(domid) },
    { path: `${backend}/state`, value: XENBUS_CONNECTED },
  ];
}

/** XenbusStateConnected (xen/io/xenbus.h). */
const XENBUS_CONNECTED = "4";

function vmDataNodes({ domid, hostname, networks }: DemoDomain): DomainNode[] {
  const data = `${domainPath(domid)}/vm-data`;
  return [
    { path: data, value: "", permissions: [entry("n", 0), entry("r", domid)] },
    { path: `${data}/hostname`, value: hostname },
    ...networks.map((network) => ({ path: networkPath(domid, network.mac), value: JSON.stringify(network) })),
    { path: `${data}/provider_data/provider`, value: "Rackspace" },
    { path: `${data}/provider_data/region`, value: "DFW" },
    { path: `${data}/provider_data/roles`, value: JSON.stringify(["admin"]) },
    { path: `${data}/provider_data/ip_whitelist/0`, value: "10.208.0.0/12" },
    { path: `${data}/user-metadata/purpose`, value: JSON.stringify("demo") },
  ];
}

/** Where the toolstack describes the network of the card with this MAC address. */
export function networkPath(domid: number, mac: string): string {
  return `${domainPath(domid)}/vm-data/networking/${mac.replaceAll(":", "").toUpperCase()}`;
}

function entry(letter: "n" | "r", domid: number): Permission {
  return { domid, read: letter === "r", write: false };
}
