import type { FreePort, Network, Port } from "@nova-agent/host";
import { type Subnet, subnetId, subnetsOf } from "./subnet.ts";

/** A network as Neutron shows it (neutron api-ref, "Networks"). */
export function viewNetwork(network: Network): object {
  const owner = network.projectId ?? "";
  return {
    id: network.id,
    name: network.name,
    status: "ACTIVE",
    admin_state_up: true,
    shared: network.projectId === undefined,
    "router:external": false,
    tenant_id: owner,
    project_id: owner,
    subnets: subnetsOf(network).map(({ id }) => id),
    availability_zones: [],
    availability_zone_hints: [],
    mtu: 1500,
    port_security_enabled: false,
    description: "",
    tags: [],
  };
}

/** A subnet as Neutron shows it (neutron api-ref, "Subnets"). */
export function viewSubnet({
  id,
  networkId,
  projectId = "",
  name,
  version,
  cidr,
  gateway,
  dns,
  routes,
}: Subnet): object {
  return {
    id,
    name: `${name}-v${version}`,
    network_id: networkId,
    tenant_id: projectId,
    project_id: projectId,
    ip_version: version,
    cidr,
    gateway_ip: gateway ?? null,
    enable_dhcp: false,
    dns_nameservers: dns,
    allocation_pools: [],
    host_routes: routes.map(({ destination, gateway }) => ({ destination, nexthop: gateway })),
    ipv6_address_mode: null,
    ipv6_ra_mode: null,
    description: "",
    tags: [],
  };
}

/** A network card as Neutron shows it (neutron api-ref, "Ports"). */
export function viewPort(port: Port | FreePort, projectId: string): object {
  const { id, name = "", networkId, mac, fixedIps } = port;
  const instanceId = "instanceId" in port ? port.instanceId : undefined;
  return {
    id,
    name,
    network_id: networkId,
    device_id: instanceId ?? "",
    device_owner: instanceId === undefined ? "" : "compute:nova",
    mac_address: mac,
    fixed_ips: fixedIps.map(({ address }) => ({
      subnet_id: subnetId(networkId, address.includes(":") ? 6 : 4),
      ip_address: address,
    })),
    status: instanceId === undefined ? "DOWN" : "ACTIVE",
    admin_state_up: true,
    tenant_id: projectId,
    project_id: projectId,
    security_groups: [],
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    port_security_enabled: false,
    description: "",
    tags: [],
  };
}
