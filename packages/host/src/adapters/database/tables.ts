import type { ColumnType, Generated } from "kysely";
import type { ActionEvent, TaskState, VmState } from "../../instances/instance.ts";
import type { Image, Network } from "../../instances/inventory.ts";
import type { OperationFailure, OperationKind, OperationState } from "../../ledger/operation.ts";
import type { Role } from "../../ports/requester.ts";

/** A column of type jsonb: written as text, read as the value. */
type Json<Value> = ColumnType<Value, string, string>;

/** The tables, with their columns as the migrations make them; the names there are in snake case. */
export interface Tables {
  instance: InstanceTable;
  port: PortTable;
  fixedIp: FixedIpTable;
  operation: OperationTable;
  operationEvent: OperationEventTable;
  action: ActionTable;
  actionEvent: ActionEventTable;
  image: ImageTable;
  flavor: FlavorTable;
  network: NetworkTable;
  keyPair: KeyPairTable;
  audit: AuditTable;
  user: UserTable;
  project: ProjectTable;
  roleGrant: RoleGrantTable;
  credential: CredentialTable;
  token: TokenTable;
}

export interface InstanceTable {
  id: string;
  projectId: string;
  userId: string;
  name: string;
  hostname: string;
  imageId: string;
  flavorId: string;
  keyName: string | null;
  vmState: VmState;
  taskState: TaskState | null;
  progress: number;
  rescueImageId: string | null;
  metadata: Json<Record<string, string>>;
  agentVersion: string | null;
  agentSeenAt: Date | null;
  agentSilentSince: Date | null;
  agentFeatures: Json<readonly string[]> | ColumnType<null, null, null>;
  encryptedPassword: string | null;
  fault: ColumnType<StoredFault | null, string | null, string | null>;
  createdAt: Date;
  updatedAt: Date;
  launchedAt: Date | null;
  deletedAt: Date | null;
}

/** A fault as JSON has it. */
export interface StoredFault {
  readonly code: number;
  readonly message: string;
  readonly at: string;
}

export interface PortTable {
  id: string;
  /** Null while no instance has it. */
  instanceId: string | null;
  networkId: string;
  mac: string;
  /** Null while no instance has it. */
  index: number | null;
  /** Of one that was made by itself. */
  projectId: string | null;
  name: Generated<string>;
}

export interface FixedIpTable {
  networkId: string;
  address: string;
  portId: string;
  prefixLength: number;
  /** Its place among the addresses of its port. */
  position: number;
}

export interface OperationTable {
  id: string;
  instanceId: string;
  kind: OperationKind;
  requestId: string;
  userId: string;
  projectId: string;
  state: OperationState;
  attempts: number;
  createdAt: Date;
  updatedAt: Date;
  deadlineAt: Date;
  returncode: string | null;
  message: string | null;
  error: ColumnType<OperationFailure | null, string | null, string | null>;
  sealed: Uint8Array | null;
}

export interface OperationEventTable {
  /** Rises, in the order of the timeline. */
  serial: Generated<string>;
  operationId: string;
  at: Date;
  state: OperationState;
  text: string;
}

export interface ActionTable {
  requestId: string;
  instanceId: string;
  action: string;
  userId: string;
  projectId: string;
  startedAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
  message: string | null;
}

export interface ActionEventTable {
  /** Rises, in the order of the events. */
  serial: Generated<string>;
  requestId: string;
  event: string;
  startedAt: Date;
  finishedAt: Date | null;
  result: ActionEvent["result"];
  details: string | null;
}

export interface ImageTable {
  id: string;
  name: string;
  hasAgent: boolean;
  isRescue: boolean;
  reference: string;
  osType: Image["osType"];
  minDiskGib: number;
  minRamMib: number;
  createdAt: Date;
}

export interface FlavorTable {
  id: string;
  name: string;
  vcpus: number;
  ramMib: number;
  diskGib: number;
}

export interface NetworkTable {
  id: string;
  projectId: string | null;
  name: string;
  bridge: string;
  cidr: string;
  cidr6: string | null;
  gateway: string | null;
  gateway6: string | null;
  dns: Json<Network["dns"]>;
  routes: Json<Network["routes"]>;
}

export interface KeyPairTable {
  userId: string;
  name: string;
  publicKey: string;
  fingerprint: string;
  createdAt: Date;
}

export interface AuditTable {
  /** Rises, in the order of the rows. */
  serial: Generated<string>;
  at: Date;
  userId: string;
  projectId: string;
  requestId: string;
  what: string;
  target: string;
  outcome: string;
}

export interface UserTable {
  id: string;
  name: string;
  isEnabled: boolean;
  defaultProjectId: string | null;
  /** See password-hash.ts. */
  passwordHash: string;
}

export interface ProjectTable {
  id: string;
  name: string;
  isEnabled: boolean;
}

export interface RoleGrantTable {
  userId: string;
  projectId: string;
  role: Role;
}

export interface CredentialTable {
  id: string;
  name: string;
  description: Generated<string>;
  userId: string;
  projectId: string;
  roles: Json<readonly Role[]>;
  expiresAt: Date | null;
  /** SHA-256. */
  secretHash: Uint8Array;
}

export interface TokenTable {
  /** SHA-256. */
  hash: Uint8Array;
  userId: string;
  projectId: string | null;
  roles: Json<readonly Role[]>;
  methods: Json<readonly string[]>;
  /** It goes with its credential. */
  credentialId: string | null;
  issuedAt: Date;
  expiresAt: Date;
}
