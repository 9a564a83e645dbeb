import { randomUUID } from "node:crypto";
import {
  type GuestOperations,
  guestOperations,
  HostConnector,
  InstanceService,
  type Log,
  OperationRunner,
  type Toolstack,
} from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import { createSealer, nodeCrypto, nodePasswordEncryption } from "@nova-agent/host/node";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import type { Closers } from "./closers.ts";

export interface StartInstancesOptions {
  readonly xenstore: XenstoreClient;
  readonly database: Database;
  readonly toolstack: Toolstack;
  /** Seals what waits in the ledger. */
  readonly sealKey: Uint8Array;
  readonly log: Log;
  readonly providerData: Readonly<Record<string, string>>;
}

/** What works on instances, on any toolstack. */
export interface StartedInstances {
  readonly runner: OperationRunner;
  readonly operations: GuestOperations;
  readonly instances: InstanceService;
}

/** Starts it; what an earlier process left is seen to by `recover` of both. */
export function startInstances(options: StartInstancesOptions, closers: Closers): StartedInstances {
  const { xenstore, database, sealKey } = options;
  const common = { xenstore, clock: nodeClock, newId: randomUUID, now: () => new Date() };
  const runner = new OperationRunner({
    ...common,
    connector: new HostConnector(common),
    operations: database.operations,
    sealer: createSealer(sealKey),
    crypto: nodeCrypto,
  });
  closers.add(() => runner.close());
  const operations = guestOperations(runner);
  const { toolstack, log, providerData } = options;
  const kept = { database, passwordEncryption: nodePasswordEncryption };
  const instances = new InstanceService({ ...common, ...kept, toolstack, operations, log, providerData });
  closers.add(() => instances.close());
  return { runner, operations, instances };
}
