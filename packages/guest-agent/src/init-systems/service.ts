import type { Step } from "../plan.ts";
import type { RootedFiles } from "../system/rooted-files.ts";

/** The services whose start matters, the one that starts first standing first. */
export const SERVICE_NAMES = ["xe-linux-distribution", "xe-daemon", "nova-agent"] as const;

/** Name of a service, the same with every init system. */
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** A service as the files of a system have it. */
export interface InstalledService {
  readonly name: ServiceName;
  /** Its unit, script or job. */
  readonly path: string;
  /** What stands there, with what is added to it elsewhere. */
  readonly text: string;
  /** The files because of which it starts with the system. */
  readonly enabledBy: readonly string[];
  /** The file that keeps it from starting at all, if there is one. */
  readonly maskedBy: string | undefined;
  /** Names of what it starts behind. */
  readonly after: readonly string[];
  /** Names of what starts behind it. */
  readonly before: readonly string[];
}

/** One way in which the services of a system are started, told by its files alone. */
export interface InitSystem {
  /** What its users call it, such as `systemd`. */
  readonly name: string;
  /** Whether it is the one that starts this system. */
  isUsed(files: RootedFiles): boolean;
  /** Undefined when the service is not installed. */
  read(name: ServiceName, files: RootedFiles): InstalledService | undefined;
  /** The steps that make it start with the system; none when it does. */
  planEnabling(service: InstalledService, files: RootedFiles): readonly Step[];
  /** The command that enables a service on the running system. */
  enablingCommand(name: ServiceName): string;
  /** The command that starts it now, or starts it anew. */
  restartingCommand(name: ServiceName): string;
  /** The command that shows why it does not run. */
  readonly explainingCommand: string;
}
