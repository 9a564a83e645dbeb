import type { Flavor, OperationHead } from "@nova-agent/host";
import { viewStatus } from "../../compute/servers/status.ts";
import { judgeHealth } from "./agent-health.ts";
import type { RowParts } from "./load-rows.ts";

/** A row of the list of servers. */
export function viewRow(parts: RowParts, now: Date): object {
  const { instance, image, flavor, ports, operation } = parts;
  return {
    id: instance.id,
    name: instance.name,
    status: viewStatus(instance),
    vm_state: instance.vmState,
    task_state: instance.taskState,
    progress: instance.progress,
    project_id: instance.projectId,
    created_at: instance.createdAt.toISOString(),
    updated_at: instance.updatedAt.toISOString(),
    key_name: instance.keyName,
    image: image === undefined ? null : { id: image.id, name: image.name },
    flavor: flavor === undefined ? null : viewFlavor(flavor),
    addresses: ports.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address)),
    agent: viewAgent(parts, now),
    operation: operation === undefined ? null : viewHead(operation),
    fault: instance.fault && { message: instance.fault.message, at: instance.fault.at.toISOString() },
  };
}

/** How the agent of a server is. */
export function viewAgent({ instance, running }: RowParts, now: Date): object {
  return {
    ...judgeHealth(instance, { image: running, now }),
    version: instance.agentVersion,
    last_seen_at: instance.agentSeenAt?.toISOString() ?? null,
  };
}

function viewFlavor({ id, name, vcpus, ramMib, diskGib }: Flavor): object {
  return { id, name, vcpus, ram_mib: ramMib, disk_gib: diskGib };
}

function viewHead({ id, kind, state, attempts, createdAt, requestId }: OperationHead): object {
  return { id, kind, state, attempts, created_at: createdAt.toISOString(), request_id: requestId };
}
