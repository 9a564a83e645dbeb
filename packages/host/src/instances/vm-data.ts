import type { Instance, Port } from "./instance.ts";
import type { Image, Network } from "./inventory.ts";
import { networkingData, networkingKey } from "./networking-data.ts";

/** Longest name of a Windows machine (NetBIOS). */
const WINDOWS_HOSTNAME_MAX = 15;
/** Longest label of a host name (RFC 1035, 2.3.4). */
const HOSTNAME_MAX = 63;

/** A network card with the network it is in. */
export interface AttachedPort {
  readonly port: Port;
  readonly network: Network;
}

/** What a domain's `vm-data` is made of. */
export interface VmDataSource {
  readonly instance: Pick<Instance, "hostname" | "metadata">;
  readonly image: Pick<Image, "osType">;
  readonly ports: readonly AttachedPort[];
  readonly providerData: Readonly<Record<string, string>>;
  readonly isRescue: boolean;
}

/** Everything below `vm-data`: text by path (nova, virt/xenapi/vmops.py). */
export function renderVmData({
  instance,
  image,
  ports,
  providerData,
  isRescue,
}: VmDataSource): Record<string, string> {
  return {
    hostname: guestHostname(instance.hostname, { osType: image.osType, isRescue }),
    ...prefixed("provider_data", Object.entries(providerData)),
    ...prefixed("user-metadata", Object.entries(instance.metadata).map(metadataNode)),
    ...prefixed("networking", ports.map(networkingNode)),
  };
}

/** The node of one network card below `vm-data/networking`. */
export function networkingNode({ port, network }: AttachedPort): readonly [string, string] {
  return [networkingKey(port), JSON.stringify(networkingData(port, network))];
}

/** The node of one item below `vm-data/user-metadata`: keys that XenStore would not take are changed. */
export function metadataNode([key, value]: readonly [string, string]): readonly [string, string] {
  return [metadataKey(key), JSON.stringify(value)];
}

/** What a key of metadata is called in XenStore (nova, vmops.py, _sanitize_xenstore_key). */
export function metadataKey(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9\-_@]/g, "_");
}

/** The host name of an instance by its name (nova, utils.py, sanitize_hostname). */
export function hostnameOf(name: string, id: string): string {
  const hostname = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[ _]/g, "-")
    .replaceAll(/[^a-z0-9.-]/g, "")
    .slice(0, HOSTNAME_MAX)
    .replaceAll(/^[.-]+|[.-]+$/g, "");
  return hostname === "" ? `server-${id}` : hostname;
}

function guestHostname(
  hostname: string,
  { osType, isRescue }: { readonly osType: Image["osType"]; readonly isRescue: boolean },
): string {
  const whole = isRescue ? `RESCUE-${hostname}`.slice(0, HOSTNAME_MAX).replace(/[.-]+$/, "") : hostname;
  return osType === "windows" ? whole.slice(0, WINDOWS_HOSTNAME_MAX) : whole;
}

function prefixed(directory: string, nodes: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(nodes.map(([key, text]) => [`${directory}/${key}`, text]));
}
