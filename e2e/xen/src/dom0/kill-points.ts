/** The agent dies as it enters a system call. */
export interface SyscallPoint {
  /** System calls as strace(1) names them, such as `rename`. */
  readonly syscalls: string;
  /** Which one of them, from 1 on, counted by thread. */
  readonly occurrence: number;
  /** Only those on this file or directory. */
  readonly path?: string;
}

/** The agent dies while ifdown(8) or ifup(8), which it has started, runs what is in a directory of hooks. */
export interface HookPoint {
  /** In `/etc/network` (interfaces(5)). */
  readonly hooks: "if-post-down.d" | "if-pre-up.d" | "if-up.d";
  /** Whether the program dies with it, as when a service manager kills all processes of a service. */
  readonly killsProgram: boolean;
}

/** When the agent is to be killed. */
export type KillPoint = SyscallPoint | HookPoint;

const starts = "clone,clone3,fork,vfork";

/**
 * Where the agent is killed. The agent syncs the directory after each rename into it, so that those say
 * how far a file has come.
 */
export const killPoints = {
  talking: { syscalls: "write", occurrence: 1, path: "/dev/xen/xenbus" },
  /** Content is written and not yet durable. */
  syncing: { syscalls: "fsync", occurrence: 1 },
  /** The first rename of a file that is replaced puts its backup in place, the second the file. */
  renaming: { syscalls: "rename", occurrence: 1 },
  renamingAgain: { syscalls: "rename", occurrence: 2 },
  startingProgram: { syscalls: starts, occurrence: 1 },
  /** A program has ended, and the agent does not know yet. */
  reapingProgram: { syscalls: "wait4", occurrence: 1 },
  /** How to take the first step back is written down, and the step not done. */
  recordingSteps: { syscalls: "fsync", occurrence: 1, path: "/var/lib/nova-agent" },
  /** ifdown has taken the link down and IPv4 away, and will not come to IPv6. */
  stoppingInterface: { hooks: "if-post-down.d", killsProgram: true },
  /** The backup of the interfaces file is there, and the file is the old one. */
  replacingFile: { syscalls: "fsync", occurrence: 1, path: "/etc/network" },
  /** The interfaces file is the new one, and the interface is down. */
  replacedFile: { syscalls: "fsync", occurrence: 2, path: "/etc/network" },
  /** ifup has noted that the interface is up, and not yet brought it up. */
  startingInterface: { hooks: "if-pre-up.d", killsProgram: true },
  /** One family's addresses are there, and ifup goes on without the agent. */
  startedInterface: { hooks: "if-up.d", killsProgram: false },
  /** All is done, but for the end of the records that would take it back. */
  endingRecords: { syscalls: "unlink", occurrence: 1, path: "/var/lib/nova-agent/journal" },
} as const satisfies Readonly<Record<string, KillPoint>>;
