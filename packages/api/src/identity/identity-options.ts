import type { AuditRepository, IdentityRepository, Log } from "@nova-agent/host";

/** What the routes of the Identity API stand on. */
export interface IdentityOptions {
  readonly identity: IdentityRepository;
  readonly audit: Pick<AuditRepository, "record">;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
}
