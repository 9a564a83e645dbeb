/** What an instance is, whatever is being done with it (nova, compute/vm_states.py). */
export type VmState = "building" | "active" | "stopped" | "rescued" | "error" | "deleted";

/** What is being done with an instance (nova, compute/task_states.py). */
export type TaskState =
  | "scheduling"
  | "spawning"
  | "networking"
  | "updating_password"
  | "rebooting"
  | "rebooting_hard"
  | "rescuing"
  | "unrescuing"
  | "powering-off"
  | "powering-on"
  | "deleting";

/** A virtual machine that a project has asked for. */
export interface Instance {
  /** UUID of the virtual machine on its host too. */
  readonly id: string;
  readonly projectId: string;
  readonly userId: string;
  readonly name: string;
  readonly hostname: string;
  readonly imageId: string;
  readonly flavorId: string;
  readonly keyName: string | null;
  readonly vmState: VmState;
  readonly taskState: TaskState | null;
  /** Of the build, in per cent. */
  readonly progress: number;
  readonly rescueImageId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** As the guest answered last. */
  readonly agentVersion: string | null;
  /** When the agent was last heard, to about a minute; null before it ever was. */
  readonly agentSeenAt: Date | null;
  /** Since when it does not answer; null while it does, and before it was asked. */
  readonly agentSilentSince: Date | null;
  /** The commands that it offers; null before it was asked for them. */
  readonly agentFeatures: readonly string[] | null;
  /** The password encrypted for the owner's key, in base64 (nova, os-server-password). */
  readonly encryptedPassword: string | null;
  readonly fault: InstanceFault | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly launchedAt: Date | null;
  readonly deletedAt: Date | null;
}

/** Why an instance is in error, or why the last action failed. */
export interface InstanceFault {
  /** Of HTTP. */
  readonly code: number;
  readonly message: string;
  readonly at: Date;
}

/** A network card of an instance. */
export interface Port {
  readonly id: string;
  readonly instanceId: string;
  readonly networkId: string;
  /** In lower case with colons. */
  readonly mac: string;
  /** Of the VIF. */
  readonly index: number;
  readonly fixedIps: readonly FixedIp[];
  /** Of one that was made by itself. */
  readonly name?: string;
}

/** A network card that was made by itself, for an instance to come. */
export interface FreePort extends Pick<Port, "id" | "networkId" | "mac" | "fixedIps"> {
  readonly projectId: string;
  /** As its maker calls it; empty when they do not. */
  readonly name: string;
}

/** An address of a network card. */
export interface FixedIp {
  readonly address: string;
  readonly prefixLength: number;
}

/** What was asked of an instance, and how it went (nova, os-instance-actions). */
export interface Action {
  readonly requestId: string;
  readonly instanceId: string;
  /** As Nova names it, such as `changePassword`. */
  readonly action: string;
  readonly userId: string;
  readonly projectId: string;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  /** Null while it goes on. */
  readonly endedAt: Date | null;
  readonly message: string | null;
  readonly events: readonly ActionEvent[];
}

/** A step of an action. */
export interface ActionEvent {
  readonly event: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly result: "Success" | "Error" | null;
  readonly details: string | null;
}
