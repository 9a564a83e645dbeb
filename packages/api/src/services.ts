import { hostname } from "node:os";
import {
  type ChangeFeed,
  type Clock,
  FreePorts,
  type GuestObservation,
  type GuestOperations,
  type IdentityRepository,
  type Log,
  type OperationRepository,
  type OverviewRepository,
} from "@nova-agent/host";
import type { ComputeDatabase, InstanceActions } from "./compute/compute-options.ts";
import { computeRoutes } from "./compute/index.ts";
import { versionRoutes } from "./compute/versions.ts";
import { guestRoutes } from "./guests/index.ts";
import { identityRoutes } from "./identity/index.ts";
import { TokenIssuer } from "./identity/token-issuer.ts";
import { imageRoutes } from "./image/index.ts";
import { networkRoutes } from "./network/index.ts";
import { operationRoutes } from "./operations/index.ts";
import type { Service } from "./route.ts";
import { sessionRoutes } from "./session/index.ts";

/** What of the database the services stand on. */
export interface ApiDatabase extends ComputeDatabase {
  readonly identity: IdentityRepository;
  readonly operations: Pick<OperationRepository, "find" | "list">;
  readonly overview: OverviewRepository;
}

export interface ServicesOptions {
  readonly database: ApiDatabase;
  readonly instances: InstanceActions;
  /** Of the guests, from outside. */
  readonly observation: GuestObservation;
  /** What guests are asked without an action. */
  readonly operations: Pick<GuestOperations, "doctor">;
  /** Of what is changed in the database. */
  readonly changes: Pick<ChangeFeed, "subscribe">;
  readonly clock: Clock;
  readonly now: () => Date;
  /** A new UUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
}

/** Every service, in one table. */
export function listServices(options: ServicesOptions): readonly Service[] {
  const { identity, inventory, instances, operations, audit } = options.database;
  const tokens = new TokenIssuer({ ...options, identity });
  return [
    {
      name: "identity",
      prefix: "/identity",
      faults: "identity",
      hasMicroversions: false,
      routes: identityRoutes({ ...options, identity, audit, tokens }),
    },
    {
      name: "compute",
      prefix: "/compute",
      faults: "compute",
      hasMicroversions: true,
      routes: [...versionRoutes(), ...computeRoutes(options)],
    },
    {
      name: "image",
      prefix: "/image",
      faults: "identity",
      hasMicroversions: false,
      routes: imageRoutes({ inventory }),
    },
    {
      name: "network",
      prefix: "/network",
      faults: "network",
      hasMicroversions: false,
      routes: networkRoutes({ inventory, instances, ports: new FreePorts(options) }),
    },
    {
      name: "operations",
      prefix: "/operations/v1",
      faults: "identity",
      hasMicroversions: false,
      routes: operationRoutes({ operations }),
    },
    {
      name: "session",
      prefix: "/session",
      faults: "identity",
      hasMicroversions: false,
      routes: sessionRoutes({ ...options, identity, tokens }),
    },
    {
      name: "guests",
      prefix: "/guests/v1",
      faults: "identity",
      hasMicroversions: false,
      routes: guestRoutes({ ...options, identity, hostName: hostname() }),
    },
  ];
}
