import type { Requester } from "@nova-agent/host";
import { ApiError } from "../../errors.ts";
import type { ComputeOptions } from "../compute-options.ts";

/** Throws CONFLICT for a port that a server has of which the requester may know, and else `code`. */
export async function assertFree(
  { database, instances }: Pick<ComputeOptions, "database" | "instances">,
  requester: Requester,
  { portId, code }: { readonly portId: string; readonly code: "NOT_FOUND" | "BAD_REQUEST" },
): Promise<void> {
  const free = await database.instances.findFreePort(portId);
  if (free?.projectId === requester.projectId) return;
  const port = await database.instances.findPort(portId);
  const isKnown =
    port !== undefined &&
    (await instances.find(requester, port.instanceId).then(
      () => true,
      () => false,
    ));
  throw isKnown
    ? new ApiError("CONFLICT", `Port ${portId} is still in use.`)
    : new ApiError(code, `Port id ${portId} could not be found.`);
}
