import type { AuditRepository, Requester } from "@nova-agent/host";

/** Where a change is written down. */
export interface ChangeRecord {
  readonly database: { readonly audit: Pick<AuditRepository, "record"> };
  readonly now: () => Date;
}

/** Adds a row to the audit for a change that is made here; what is done with instances adds its own. */
export async function recordChange(
  { database, now }: ChangeRecord,
  { userId, projectId, requestId }: Requester,
  change: { readonly what: string; readonly target: string },
): Promise<void> {
  await database.audit.record({ at: now(), userId, projectId, requestId, ...change, outcome: "done" });
}
