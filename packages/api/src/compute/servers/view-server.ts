import type { Flavor, Instance, Port } from "@nova-agent/host";
import type { Microversion } from "../../microversion.ts";
import { bookmark, viewLinks } from "../links.ts";
import { viewPreciseTime, viewTime } from "../timestamps.ts";
import { viewPowerState, viewStatus } from "./status.ts";

/** An instance, and what of the inventory its server shows. */
export interface ServerParts {
  readonly instance: Instance;
  readonly ports: readonly Port[];
  /** Undefined for one that is not there any more. */
  readonly flavor: Flavor | undefined;
  /** Names of networks by their id. */
  readonly networkNames: ReadonlyMap<string, string>;
}

/** For whom a server is shown. */
export interface Viewer {
  /** Below which links are. */
  readonly serviceUrl: string;
  readonly microversion: Microversion;
  readonly isAdmin: boolean;
}

/** An element of the list of servers (nova api-ref, "List Servers"). */
export function viewServerSummary({ id, name }: Instance, { serviceUrl }: Viewer): object {
  return { id, name, links: viewLinks(serviceUrl, "servers", id) };
}

/** A server with everything of it (nova api-ref, "Show Server Details"). */
export function viewServer(parts: ServerParts, viewer: Viewer): object {
  const { instance } = parts;
  const { id, name, imageId, fault } = instance;
  const status = viewStatus(instance);
  const image =
    imageId === "" ? "" : { id: imageId, links: [bookmark(viewer.serviceUrl, "images", imageId)] };
  return {
    id,
    name,
    status,
    tenant_id: instance.projectId,
    user_id: instance.userId,
    metadata: instance.metadata,
    hostId: "",
    image,
    flavor: viewServerFlavor(parts, viewer),
    created: viewTime(instance.createdAt),
    updated: viewTime(instance.updatedAt),
    addresses: viewAddresses(parts),
    accessIPv4: "",
    accessIPv6: "",
    links: viewLinks(viewer.serviceUrl, "servers", id),
    ...viewStates(instance, status),
    key_name: instance.keyName,
    config_drive: "",
    security_groups: [{ name: "default" }],
    "os-extended-volumes:volumes_attached": [],
    "OS-DCF:diskConfig": "MANUAL",
    "OS-EXT-AZ:availability_zone": "nova",
    ...(fault !== null && (status === "ERROR" || status === "DELETED") ? { fault: viewFault(fault) } : {}),
    ...viewHost(instance, viewer),
    ...viewLaterFields(viewer.microversion),
  };
}

/** The addresses of an instance by the name of their network (nova api-ref, "List Ips"). */
export function viewAddresses({
  ports,
  networkNames,
}: Pick<ServerParts, "ports" | "networkNames">): Readonly<Record<string, readonly object[]>> {
  const addresses: Record<string, object[]> = {};
  for (const { networkId, mac, fixedIps } of ports) {
    const network = (addresses[networkNames.get(networkId) ?? networkId] ??= []);
    for (const { address } of fixedIps) {
      const version = address.includes(":") ? 6 : 4;
      network.push({ version, addr: address, "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": mac });
    }
  }
  return addresses;
}

function viewStates(instance: Instance, status: string): object {
  const { vmState, taskState, launchedAt, deletedAt, progress } = instance;
  // Nova leaves it out where nothing progresses (nova, api/openstack/compute/views/servers.py).
  const hasProgress = ["ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"].includes(status);
  return {
    ...(hasProgress ? { progress } : {}),
    "OS-EXT-STS:task_state": taskState,
    "OS-EXT-STS:vm_state": vmState,
    "OS-EXT-STS:power_state": viewPowerState(instance),
    "OS-SRV-USG:launched_at": launchedAt === null ? null : viewPreciseTime(launchedAt),
    "OS-SRV-USG:terminated_at": deletedAt === null ? null : viewPreciseTime(deletedAt),
  };
}

/** Whole since version 2.47: what the server was made with, whatever becomes of the flavor. */
function viewServerFlavor({ instance, flavor }: ServerParts, { serviceUrl, microversion }: Viewer): object {
  const { flavorId } = instance;
  if (microversion < 47) return { id: flavorId, links: [bookmark(serviceUrl, "flavors", flavorId)] };
  return {
    original_name: flavor?.name ?? flavorId,
    vcpus: flavor?.vcpus ?? 0,
    ram: flavor?.ramMib ?? 0,
    disk: flavor?.diskGib ?? 0,
    ephemeral: 0,
    swap: 0,
    extra_specs: {},
  };
}

function viewFault({ code, message, at }: NonNullable<Instance["fault"]>): object {
  return { code, message, created: viewTime(at) };
}

/** What operators see; the host's names for an instance begin with its hostname. */
function viewHost({ id, hostname }: Instance, { isAdmin, microversion }: Viewer): object {
  const seenByAll = microversion >= 90 ? { "OS-EXT-SRV-ATTR:hostname": hostname } : {};
  if (!isAdmin) return seenByAll;
  return {
    "OS-EXT-SRV-ATTR:host": null,
    "OS-EXT-SRV-ATTR:instance_name": id,
    "OS-EXT-SRV-ATTR:hypervisor_hostname": null,
    ...(microversion >= 3
      ? {
          "OS-EXT-SRV-ATTR:hostname": hostname,
          "OS-EXT-SRV-ATTR:reservation_id": null,
          "OS-EXT-SRV-ATTR:launch_index": 0,
          "OS-EXT-SRV-ATTR:kernel_id": "",
          "OS-EXT-SRV-ATTR:ramdisk_id": "",
          "OS-EXT-SRV-ATTR:root_device_name": "/dev/xvda",
          "OS-EXT-SRV-ATTR:user_data": null,
        }
      : {}),
    ...(microversion >= 16 ? { host_status: "UP" } : {}),
  };
}

/** What newer versions show of things that there are not here. */
function viewLaterFields(microversion: Microversion): object {
  return {
    ...(microversion >= 9 ? { locked: false } : {}),
    ...(microversion >= 19 ? { description: null } : {}),
    ...(microversion >= 26 ? { tags: [] } : {}),
    ...(microversion >= 63 ? { trusted_image_certificates: null } : {}),
    ...(microversion >= 71 ? { server_groups: [] } : {}),
    ...(microversion >= 73 ? { locked_reason: null } : {}),
  };
}
