import type { Permission } from "@nova-agent/xenstore";
import type { DemoVif } from "./guest-files.ts";

/** A domain to be written. */
export interface GuestDomain {
  readonly domid: number;
  readonly name: string;
  /** UUID of the virtual machine. */
  readonly uuid: string;
  readonly memoryKib: number;
  readonly vifs: readonly DemoVif[];
  /** Text by path below `vm-data`. */
  readonly vmData: Readonly<Record<string, string>>;
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
export function outsidePaths({ domid, uuid }: Pick<GuestDomain, "domid" | "uuid">): string[] {
  return [`/vm/${uuid}`, `/local/domain/0/backend/vif/${domid}`];
}

/**
 * Everything a toolstack and Nova write for a new domain, parents before children. The guest may read
 * all of it and write only where its agent and its kernel have to: `data`, `attr`, `control` and its
 * ends of the devices.
 */
export function domainNodes(domain: GuestDomain): DomainNode[] {
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
    ...domain.vifs.flatMap((vif) => vifNodes(vif, domid)),
    ...vmDataNodes(domain),
  ];
}

function identityNodes({ domid, name, uuid, memoryKib }: GuestDomain): DomainNode[] {
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

/** The two ends of a network card in XenStore. */
export function vifPaths({ index }: Pick<DemoVif, "index">, domid: number) {
  return {
    frontend: `${domainPath(domid)}/device/vif/${index}`,
    backend: `/local/domain/0/backend/vif/${domid}/${index}`,
  };
}

/** A network card's nodes: two directories that point at each other, as netfront finds its device (xenstore-paths). */
export function vifNodes(vif: DemoVif, domid: number): DomainNode[] {
  const { frontend, backend } = vifPaths(vif, domid);
  return [
    { path: frontend, value: "", permissions: [entry("n", domid), entry("r", 0)] },
    { path: `${frontend}/backend`, value: backend },
    { path: `${frontend}/backend-id`, value: "0" },
    { path: `${frontend}/handle`, value: String(vif.index) },
    { path: `${frontend}/mac`, value: vif.mac.toLowerCase() },
    { path: `${frontend}/state`, value: XENBUS_CONNECTED },
    { path: `${backend}/frontend`, value: frontend },
    { path: `${backend}/frontend-id`, value: String(domid) },
    { path: `${backend}/state`, value: XENBUS_CONNECTED },
  ];
}

/** XenbusStateConnected (xen/io/xenbus.h). */
const XENBUS_CONNECTED = "4";

function vmDataNodes({ domid, vmData }: GuestDomain): DomainNode[] {
  const data = `${domainPath(domid)}/vm-data`;
  return [
    { path: data, value: "", permissions: [entry("n", 0), entry("r", domid)] },
    ...Object.entries(vmData).map(([path, value]) => ({ path: `${data}/${path}`, value })),
  ];
}

/** Where the toolstack describes the network of the card with this MAC address. */
export function networkPath(domid: number, mac: string): string {
  return `${domainPath(domid)}/vm-data/${networkKey(mac)}`;
}

/** The same below `vm-data`. */
export function networkKey(mac: string): string {
  return `networking/${mac.replaceAll(":", "").toUpperCase()}`;
}

function entry(letter: "n" | "r", domid: number): Permission {
  return { domid, read: letter === "r", write: false };
}
