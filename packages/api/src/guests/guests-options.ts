import type {
  GuestObservation,
  GuestOperations,
  IdentityRepository,
  OperationRepository,
  OverviewRepository,
} from "@nova-agent/host";
import type { ComputeDatabase, InstanceActions } from "../compute/compute-options.ts";

/** What of the database the service `guests` reads. */
export interface GuestsDatabase extends ComputeDatabase {
  readonly identity: Pick<IdentityRepository, "findUser" | "findToken">;
  readonly operations: Pick<OperationRepository, "find" | "list">;
  readonly overview: OverviewRepository;
}

/** What the routes of the service `guests` stand on, but for events. */
export interface GuestsOptions {
  readonly database: GuestsDatabase;
  readonly instances: InstanceActions;
  readonly observation: GuestObservation;
  readonly operations: Pick<GuestOperations, "doctor">;
  readonly now: () => Date;
}
