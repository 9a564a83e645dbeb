import type { AuditRepository, IdentityRepository, Log } from "@nova-agent/host";
import type { TokenIssuer } from "./token-issuer.ts";

/** What the routes of the Identity API stand on. */
export interface IdentityOptions {
  readonly identity: IdentityRepository;
  readonly audit: Pick<AuditRepository, "record">;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
  readonly tokens: TokenIssuer;
}
