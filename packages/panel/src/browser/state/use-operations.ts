import { OPERATIONS_READ } from "../limits.ts";
import { type Operation, operationsAnswer } from "../model/operation.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** The newest requests to a server's guest, as the service's ledger has them. */
export function useOperations(serverId: string): Resource<readonly Operation[]> {
  const { client } = usePanel();
  const path = `/operations/v1/operations?instance=${encodeURIComponent(serverId)}&limit=${OPERATIONS_READ}`;
  return useResource({
    key: serverId,
    load: async (signal) => (await client.get(path, operationsAnswer, signal)).operations,
    concerns: ({ kind, server_id }) => kind === "operation" && server_id === serverId,
  });
}
