import { randomUUID } from "node:crypto";
import type { Database } from "@nova-agent/host/database";

/** Adds a row to the audit, in which commands are a user of their own, of no project unless one is named. */
export async function recordCommand(
  { audit }: Pick<Database, "audit">,
  change: { readonly what: string; readonly target: string; readonly projectId?: string },
): Promise<void> {
  const requestId = `req-${randomUUID()}`;
  const made = { at: new Date(), userId: "nova-control", projectId: "", requestId, outcome: "done" };
  await audit.record({ ...made, ...change });
}
