import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import type { GuestOperations } from "../ports/guest-operations.ts";
import type { Log } from "../ports/log.ts";
import type { PasswordEncryption } from "../ports/password-encryption.ts";
import type {
  ActionRepository,
  AuditRepository,
  InstanceRepository,
  InventoryRepository,
} from "../ports/repositories.ts";
import type { Toolstack } from "../ports/toolstack.ts";
import type { BackgroundTasks } from "./background-tasks.ts";
import type { Turns } from "./turns.ts";

/** What of the database instances need. */
export interface InstanceDatabase {
  readonly instances: InstanceRepository;
  readonly actions: ActionRepository;
  readonly inventory: InventoryRepository;
  readonly audit: AuditRepository;
}

export interface InstanceServiceOptions {
  readonly database: InstanceDatabase;
  readonly toolstack: Toolstack;
  readonly operations: GuestOperations;
  /** A connection as dom0; it belongs to the caller. */
  readonly xenstore: XenstoreClient;
  readonly clock: Clock;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
  /** Without it no password is kept for whoever has the instance's key. */
  readonly passwordEncryption?: PasswordEncryption | undefined;
  /** Text by path below `vm-data/provider_data`, for every guest. */
  readonly providerData?: Readonly<Record<string, string>> | undefined;
}

/** What everything that is done with instances stands on. */
export interface InstanceContext extends InstanceServiceOptions {
  readonly background: BackgroundTasks;
  /** Asking guests that have booted for their agents' versions. */
  readonly versions: BackgroundTasks;
  /** Of the builds. */
  readonly builds: Turns;
}
