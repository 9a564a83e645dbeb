import { randomUUID } from "node:crypto";
import {
  ChangeFeed,
  GuestObserver,
  type GuestOperations,
  guestOperations,
  HostConnector,
  type InstanceDatabase,
  InstanceService,
  type Log,
  OperationRunner,
  Presence,
  publishChanges,
  type Toolstack,
} from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import { createSealer, nodeCrypto, nodePasswordEncryption } from "@nova-agent/host/node";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import type { Closers } from "./closers.ts";

/** What of the database is needed. */
type KeptInstances = InstanceDatabase & Pick<Database, "operations">;

export interface StartInstancesOptions<Kept extends KeptInstances = KeptInstances> {
  readonly xenstore: XenstoreClient;
  readonly database: Kept;
  readonly toolstack: Toolstack;
  /** Seals what waits in the ledger. */
  readonly sealKey: Uint8Array;
  readonly log: Log;
  readonly providerData: Readonly<Record<string, string>>;
}

/** What works on instances, on any toolstack. */
export interface StartedInstances<Kept extends KeptInstances = KeptInstances> {
  /** The one that was given, for all that is done from now on: what is done through it is in `changes`. */
  readonly database: Kept;
  readonly changes: ChangeFeed;
  readonly runner: OperationRunner;
  readonly operations: GuestOperations;
  readonly instances: InstanceService;
  readonly observation: GuestObserver;
  /**
   * To be called once, before anything else is asked for: sees to what an earlier process left. Resolves
   * when no instance is taken by an action of its; operations go on behind it, for as long as guests that
   * are not there may take to come back.
   */
  recover(): Promise<void>;
}

/** Starts it. */
export function startInstances<Kept extends KeptInstances>(
  options: StartInstancesOptions<Kept>,
  closers: Closers,
): StartedInstances<Kept> {
  const { xenstore, sealKey } = options;
  const changes = new ChangeFeed({ epoch: randomUUID() });
  const database = publishChanges(options.database, changes);
  const common = { xenstore, clock: nodeClock, newId: randomUUID, now: () => new Date() };
  let carriedOn: Promise<void> | undefined;
  // Behind the end of the runner, which ends it.
  closers.add(async () => carriedOn);
  const connector = new HostConnector(common);
  const { toolstack, log, providerData } = options;
  const presence = new Presence({ ...common, connector, database, log });
  const runner = new OperationRunner({
    ...common,
    connector,
    observer: presence,
    operations: database.operations,
    sealer: createSealer(sealKey),
    crypto: nodeCrypto,
  });
  closers.add(() => runner.close());
  const operations = guestOperations(runner);
  const kept = { database, passwordEncryption: nodePasswordEncryption };
  const instances = new InstanceService({ ...common, ...kept, toolstack, operations, log, providerData });
  closers.add(() => instances.close());
  closers.add(() => presence.close());
  const observation = new GuestObserver(common);
  return {
    database,
    changes,
    runner,
    operations,
    instances,
    observation,
    recover: async () => {
      carriedOn ??= runner.recover().catch((error: unknown) => {
        log.error("Operations of before could not all be carried on with", { error: String(error) });
      });
      await instances.recover();
      presence.start();
    },
  };
}
