import type { VmState } from "@nova-agent/host";
import type { Microversion } from "../../microversion.ts";
import type { ServerParts } from "./view-server.ts";

const KIB_PER_MIB = 1024;

const stateOf: Readonly<Record<VmState, "running" | "shutdown" | "crashed" | "pending">> = {
  building: "pending",
  active: "running",
  rescued: "running",
  stopped: "shutdown",
  error: "crashed",
  deleted: "shutdown",
};

/**
 * What is known of a domain: in the shape that all hypervisors share since version 2.48, before that in one
 * of our own, with the agent's version (nova api-ref, "Servers diagnostics").
 */
export function viewDiagnostics(parts: ServerParts, microversion: Microversion): object {
  return microversion < 48 ? viewOwn(parts) : viewShared(parts);
}

function viewOwn({ instance, ports, flavor }: ServerParts): object {
  return {
    state: stateOf[instance.vmState],
    memory: flavor === undefined ? null : flavor.ramMib * KIB_PER_MIB,
    vcpus: flavor?.vcpus ?? null,
    agent_version: instance.agentVersion,
    ...Object.fromEntries(ports.map(({ index, mac }) => [`vif_${index}_mac`, mac])),
  };
}

function viewShared({ instance, ports, flavor }: ServerParts): object {
  return {
    state: stateOf[instance.vmState],
    driver: "xenapi",
    hypervisor: "xen",
    hypervisor_os: null,
    uptime: null,
    config_drive: false,
    num_cpus: flavor?.vcpus ?? null,
    num_nics: ports.length,
    num_disks: instance.vmState === "rescued" ? 2 : 1,
    cpu_details: [],
    disk_details: [],
    memory_details: { maximum: flavor?.ramMib ?? null, used: null },
    nic_details: ports.map(({ mac }) => ({
      mac_address: mac,
      rx_octets: null,
      rx_errors: null,
      rx_drop: null,
      rx_packets: null,
      rx_rate: null,
      tx_octets: null,
      tx_errors: null,
      tx_drop: null,
      tx_packets: null,
      tx_rate: null,
    })),
  };
}
