import type { IdentityRepository, Log } from "@nova-agent/host";
import type { ComputeDatabase, InstanceActions } from "./compute/compute-options.ts";
import { computeRoutes } from "./compute/index.ts";
import { versionRoutes } from "./compute/versions.ts";
import type { Service } from "./route.ts";

/** What of the database the services stand on. */
export interface ApiDatabase extends ComputeDatabase {
  readonly identity: IdentityRepository;
}

export interface ServicesOptions {
  readonly database: ApiDatabase;
  readonly instances: InstanceActions;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
}

/** Every service, in one table. */
export function listServices(options: ServicesOptions): readonly Service[] {
  return [
    {
      name: "compute",
      prefix: "/compute",
      faults: "compute",
      hasMicroversions: true,
      routes: [...versionRoutes(), ...computeRoutes(options)],
    },
  ];
}
