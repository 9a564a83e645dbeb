import type { Requester } from "@nova-agent/host";
import type { ComputeOptions } from "./compute-options.ts";

/** Adds a row to the audit for a change that is made here; what is done with instances adds its own. */
export async function recordChange(
  { database, now }: Pick<ComputeOptions, "database" | "now">,
  { userId, projectId, requestId }: Requester,
  change: { readonly what: string; readonly target: string },
): Promise<void> {
  await database.audit.record({ at: now(), userId, projectId, requestId, ...change, outcome: "done" });
}
