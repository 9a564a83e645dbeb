import type { Clock, Connect } from "@nova-agent/xenstore";

/** What a look at a file tells, without following a symbolic link. */
export interface FileStatus {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
}

/** Who owns a file, what may be done with it, and its SELinux label where it has one. */
export interface FileAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly label?: string;
}

/** What a file gets that stands for no other; it belongs to the agent's user, which is root in a guest. */
export interface NewFileAttributes {
  readonly mode: number;
}

/**
 * The files of the guest, by absolute path. Synchronous: they are small, and the agent does one thing
 * at a time. Every failure throws a SystemError whose code is the errno's name.
 */
export interface Files {
  /** The whole content; EFBIG when it is over `maxBytes`. */
  read(path: string, maxBytes: number): Uint8Array;
  /** The names in a directory, sorted. */
  list(path: string): readonly string[];
  /** Undefined when nothing is there, or when a part of the way is missing or no directory. */
  status(path: string): FileStatus | undefined;
  /** The target of a symbolic link, as it stands there. */
  readLink(path: string): string;
  /** The SELinux label (`security.selinux`), or undefined where there is none. */
  label(path: string): string | undefined;
  /** Makes a directory and its entry durable. */
  makeDirectory(path: string, mode: number): void;
  /** Creates a new file, never following a link and never touching an old one, and makes it durable. */
  create(path: string, content: Uint8Array, attributes: FileAttributes | NewFileAttributes): void;
  /** Replaces `to` in one step and makes the directory entry durable. */
  rename(from: string, to: string): void;
  /** Removes a file or link; ENOENT when it is not there. */
  remove(path: string): void;
  /** Makes a symbolic link that holds `target` as it is, and its entry durable; EEXIST when something is there. */
  makeLink(target: string, path: string): void;
}

/** One program to run: always an argument list, never a shell's line. */
export interface ProgramCall {
  readonly argv: readonly [string, ...string[]];
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly stdin?: Uint8Array;
  /** When it passes, the program and its children are killed and ETIMEDOUT is thrown. */
  readonly timeoutMs: number;
}

/** How a program ended; output is cut to a limit each. */
export interface ProgramResult {
  /** Exit status, or 128 plus the signal's number. */
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** One IP address of a network interface that is up and running. */
export interface InterfaceAddress {
  readonly interfaceName: string;
  readonly address: string;
}

/** The room of a file system. */
export interface DiskSpace {
  readonly sizeBytes: number;
  /** What users other than root may still take. */
  readonly freeBytes: number;
}

/** The file in which a service tells what it does, for `nova-agent status`; root's alone. */
export interface StatusFile {
  /** `status.json` in the directory that systemd names (RUNTIME_DIRECTORY, systemd.exec(5)), or in `/run/nova-agent`. */
  readonly path: string;
  /** What no other process has: its number, and the tick since the boot at which it was started. */
  identify(): { readonly pid: number; readonly startTicks: number };
  /** Replaces the content in one step, or takes the file away. What cannot be written is left. */
  write(text: string | undefined): void;
}

/**
 * The one interface between the agent and the operating system. Node implements it for tests,
 * development and Windows; a small static executable implements it for Linux guests.
 */
export interface System {
  readonly clock: Clock;
  /** Seconds since 1970, for names of backups and times of log lines. */
  unixTime(): number;
  readonly files: Files;
  /** Throws SystemError ENOENT when there is no such program. */
  run(call: ProgramCall): Promise<ProgramResult>;
  /**
   * Calls `onChange` whenever the kernel's interfaces or their addresses may have changed; the returned
   * function ends that. Throws a SystemError where they cannot be watched.
   */
  watchNetwork(onChange: () => void): () => void;
  /** The addresses that the kernel has, in its order. Throws a SystemError. */
  networkAddresses(): readonly InterfaceAddress[];
  /** The room of the file system that a path lies on. Throws a SystemError. */
  diskSpace(path: string): DiskSpace;
  /** Opens the guest's connection to XenStore. */
  readonly connectXenstore: Connect;
  /** Bytes from the kernel's generator, good for keys. */
  randomBytes(count: number): Uint8Array;
  /** Tells the service manager (sd_notify(3)); does nothing where none listens. */
  notify(state: string): Promise<void>;
  /** Time within which the service manager wants to be told `WATCHDOG=1`; undefined when it does not. */
  readonly watchdogMs?: number | undefined;
  readonly statusFile: StatusFile;
  /** Calls `handler` when the service is asked to end (SIGTERM, SIGINT). */
  onTerminate(handler: () => void): void;
  /** Writes one line to the log. */
  log(line: string): void;
}

/** What the service itself needs; the rest is for those who change the guest. */
export type ServiceSystem = Pick<
  System,
  | "clock"
  | "unixTime"
  | "connectXenstore"
  | "randomBytes"
  | "notify"
  | "watchdogMs"
  | "statusFile"
  | "onTerminate"
  | "log"
>;

/** What those need who report on the guest: they run no programs. */
export type ReportSystem = ServiceSystem &
  Pick<System, "files" | "watchNetwork" | "networkAddresses" | "diskSpace">;
