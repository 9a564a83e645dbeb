import type {
  ActionRepository,
  AuditRepository,
  InstanceRepository,
  InstanceService,
  InventoryRepository,
} from "@nova-agent/host";

/** What of the database the Compute API reads. */
export interface ComputeDatabase {
  readonly instances: InstanceRepository;
  readonly actions: ActionRepository;
  readonly inventory: InventoryRepository;
  readonly audit: AuditRepository;
}

/** What is done with instances. */
export type InstanceActions = Omit<InstanceService, "recover" | "idle" | "close">;

/** What the routes of the Compute API stand on. */
export interface ComputeOptions {
  readonly database: ComputeDatabase;
  readonly instances: InstanceActions;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
}
