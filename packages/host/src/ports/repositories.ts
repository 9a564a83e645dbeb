import type { Action, FixedIp, FreePort, Instance, Port, TaskState } from "../instances/instance.ts";
import type { Flavor, Image, KeyPair, Network } from "../instances/inventory.ts";
import type { Operation, OperationFailure, OperationState } from "../ledger/operation.ts";
import type { Requester } from "./requester.ts";

/** Which instances are listed; those that are deleted are not unless it says so. */
export interface InstanceFilter {
  readonly ids?: readonly string[] | undefined;
  readonly projectId?: string | undefined;
  /** A part of the name. */
  readonly name?: string | undefined;
  readonly vmStates?: readonly Instance["vmState"][] | undefined;
  readonly imageId?: string | undefined;
  readonly flavorId?: string | undefined;
  readonly changedSince?: Date | undefined;
  readonly isDeleted?: boolean | undefined;
  /** The instance behind which the page begins. */
  readonly marker?: string | undefined;
  readonly limit?: number | undefined;
  readonly sort?: readonly InstanceSort[] | undefined;
}

/** The newest comes first without it. */
export interface InstanceSort {
  readonly key: "createdAt" | "updatedAt" | "name" | "vmState";
  readonly direction: "asc" | "desc";
}

/** The metadata of an instance, before a change and after it. */
export interface MetadataChange {
  readonly former: Instance["metadata"];
  readonly metadata: Instance["metadata"];
}

/** Instances and their network cards. */
export interface InstanceRepository {
  insert(instance: Instance): Promise<void>;
  find(id: string): Promise<Instance | undefined>;
  list(filter: InstanceFilter): Promise<readonly Instance[]>;
  /**
   * False when the instance is gone, or its task is not the expected one: somebody else was quicker. What is
   * only heard of its agent leaves `updatedAt` alone.
   */
  update(
    id: string,
    changes: Partial<Omit<Instance, "id">>,
    expected?: { readonly taskState: TaskState | null },
  ): Promise<boolean>;
  /**
   * Changes the metadata in one step: of changes at the same time each begins with what the one before it
   * left. Returns it as it was and as it is, or undefined when the instance is gone; what `decide` throws
   * leaves it alone.
   */
  changeMetadata(
    id: string,
    decide: (former: Instance["metadata"]) => Instance["metadata"],
  ): Promise<MetadataChange | undefined>;
  ports(instanceId: string): Promise<readonly Port[]>;
  /** Those of many instances at once, by the instance's id; one without any is not among them. */
  portsOf(instanceIds: readonly string[]): Promise<ReadonlyMap<string, readonly Port[]>>;
  /** One that an instance has. */
  findPort(id: string): Promise<Port | undefined>;
  /**
   * Throws ADDRESS_TAKEN when one of its addresses is in use in its network, and NO_SUCH_INSTANCE when its
   * instance is gone or is being removed.
   */
  insertPort(port: Port): Promise<void>;
  /** In place of those that the port had, in one step. Throws NO_SUCH_PORT, and ADDRESS_TAKEN. */
  setFixedIps(portId: string, fixedIps: readonly FixedIp[]): Promise<void>;
  removePort(id: string): Promise<void>;
  /** By their names. */
  freePorts(projectId: string): Promise<readonly FreePort[]>;
  findFreePort(id: string): Promise<FreePort | undefined>;
  /** Throws ADDRESS_TAKEN when one of its addresses is in use in its network. */
  insertFreePort(port: FreePort): Promise<void>;
  /** False when it is not there, or an instance has it. */
  removeFreePort(id: string): Promise<boolean>;
  /**
   * Gives a free port to an instance. False when it is not there, or an instance has it. Throws
   * NO_SUCH_INSTANCE when the instance is gone or is being removed.
   */
  bindPort(id: string, place: { readonly instanceId: string; readonly index: number }): Promise<boolean>;
  /** Takes a port from its instance: one that was made by itself is free again, another one is removed. */
  releasePort(id: string): Promise<void>;
  usedAddresses(networkId: string): Promise<readonly string[]>;
}

/** What changes in an operation, with the line of its timeline. */
export interface OperationNote {
  readonly state: OperationState;
  readonly text: string;
  readonly attempts?: number;
  readonly deadlineAt?: Date;
  /** Null takes away what stands there, of an attempt before. */
  readonly returncode?: string | null;
  readonly message?: string | null;
  readonly error?: OperationFailure;
}

export interface OperationFilter {
  readonly instanceId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Of whoever asked. */
  readonly projectId?: string | undefined;
  readonly isFinished?: boolean | undefined;
  readonly limit?: number | undefined;
}

/** The ledger. What is secret in an operation is sealed by the caller, and wiped when it is finished. */
export interface OperationRepository {
  insert(operation: Operation, sealed?: Uint8Array): Promise<void>;
  /** An end stays the end: a later note changes nothing, but what timed out may become late. */
  note(id: string, note: OperationNote): Promise<void>;
  find(id: string): Promise<Operation | undefined>;
  /** The newest first. */
  list(filter: OperationFilter): Promise<readonly Operation[]>;
  /** What was sealed; undefined when there was nothing, or it is wiped. */
  sealedOf(id: string): Promise<Uint8Array | undefined>;
  /** Removes what was finished before; returns how many. */
  removeFinishedBefore(date: Date): Promise<number>;
}

/** What was asked of instances. */
export interface ActionRepository {
  begin(requester: Requester, what: { readonly instanceId: string; readonly action: string }): Promise<void>;
  beginEvent(requestId: string, event: string): Promise<void>;
  endEvent(
    requestId: string,
    end: { readonly event: string; readonly isSuccess: boolean; readonly details?: string },
  ): Promise<void>;
  /** Its open events end with it: in success without a message, otherwise in error. */
  end(requestId: string, message: string | null): Promise<void>;
  /** The newest first. */
  list(instanceId: string): Promise<readonly Action[]>;
  find(instanceId: string, requestId: string): Promise<Action | undefined>;
  /** Those that have no end. */
  unfinished(): Promise<readonly Action[]>;
}

/** What instances are made of. */
export interface InventoryRepository {
  images(): Promise<readonly Image[]>;
  findImage(id: string): Promise<Image | undefined>;
  insertImage(image: Image): Promise<void>;
  flavors(): Promise<readonly Flavor[]>;
  findFlavor(id: string): Promise<Flavor | undefined>;
  insertFlavor(flavor: Flavor): Promise<void>;
  networks(projectId: string): Promise<readonly Network[]>;
  findNetwork(id: string): Promise<Network | undefined>;
  insertNetwork(network: Network): Promise<void>;
  keyPairs(userId: string): Promise<readonly KeyPair[]>;
  findKeyPair(userId: string, name: string): Promise<KeyPair | undefined>;
  insertKeyPair(keyPair: KeyPair): Promise<void>;
  /** False when there is none. */
  removeKeyPair(userId: string, name: string): Promise<boolean>;
}

/** A change that somebody made, or tried to. */
export interface AuditRow {
  readonly at: Date;
  readonly userId: string;
  readonly projectId: string;
  readonly requestId: string;
  /** Such as `changePassword`. */
  readonly what: string;
  /** The id of what it was done to. */
  readonly target: string;
  readonly outcome: string;
}

export interface AuditRepository {
  record(row: AuditRow): Promise<void>;
  /** The newest first. */
  list(filter: { readonly target?: string; readonly limit: number }): Promise<readonly AuditRow[]>;
}

/** What is over, and kept for a while. Each returns how many rows of that kind it has removed. */
export interface HistoryRepository {
  /** Removes instances that were deleted before, with their actions. */
  removeDeletedBefore(date: Date): Promise<number>;
  removeAuditBefore(date: Date): Promise<number>;
  removeExpiredTokens(): Promise<number>;
}
