import type { WantedGuest } from "../network/wanted-guest.ts";
import type { NetworkFacts } from "../os/backend.ts";
import type { InitSystem, InstalledService } from "../init-systems/service.ts";
import type { ServiceStatus } from "../service/service-status.ts";
import type { DiskSpace } from "../system/system.ts";

/** What the checks look at, read at one moment and no more asked for. */
export interface DoctorFacts {
  /** The directory under which the examined system is; `/` for the running one. */
  readonly root: string;
  /** Version of this very program. */
  readonly version: string;
  readonly unixTime: number;
  /** Of the running system, which in rescue mode is the same guest. */
  readonly xen: XenFacts;
  readonly xenstore: XenstoreFacts;
  readonly services: ServiceFacts;
  /** Undefined for another system than the running one. */
  readonly running: RunningFacts | undefined;
  readonly account: AccountFacts;
  /** The network as far as it could be read, or why it could not. */
  readonly network: NetworkFacts | { readonly fault: string };
  readonly disks: readonly DiskFacts[];
  /** Whether a change of the agent's was cut off and is not taken back yet. */
  readonly isChangeCutOff: boolean;
  /** What is wrong with the agent's configuration file, if anything is. */
  readonly configurationFault: string | undefined;
  /** Version of each package of an agent that dpkg(1) has as installed. */
  readonly packages: readonly InstalledPackage[];
  /** Whether the clock is kept right, as far as somebody tells. */
  readonly isClockKept: boolean | undefined;
}

/** What the kernel tells of the hypervisor. */
export interface XenFacts {
  /** Such as `xen`; undefined where the kernel names none. */
  readonly hypervisor: string | undefined;
  readonly isDom0: boolean;
  /** Those of the paths of XenStore's device that are there. */
  readonly devices: readonly string[];
}

/** What XenStore holds for this guest, or why it could not be asked. */
export type XenstoreFacts =
  | { readonly isReached: false; readonly reason: string }
  | {
      readonly isReached: true;
      readonly wanted: WantedGuest;
      /** Requests that nobody has taken. */
      readonly waiting: readonly WaitingRequest[];
      /** Answers that tell of a failure and that the host has left. */
      readonly failures: readonly FailedAnswer[];
    };

/** A request of the host. */
export interface WaitingRequest {
  readonly id: string;
  /** Its command; undefined when it is no request. */
  readonly name: string | undefined;
}

/** An answer of the agent. */
export interface FailedAnswer {
  readonly id: string;
  readonly returncode: string;
  readonly message: string;
}

/** How the system starts its services, told by its files. */
export interface ServiceFacts {
  /** Undefined when none that is known starts it. */
  readonly init: InitSystem | undefined;
  readonly installed: readonly InstalledService[];
}

/** What runs. */
export interface RunningFacts {
  /** Processes that serve requests. */
  readonly agents: readonly number[];
  /** Processes of xe-daemon. */
  readonly publishers: readonly number[];
  /** What the service tells of itself, when the process that wrote it is alive. */
  readonly status: ServiceStatus | undefined;
}

/** The account whose password the host sets. */
export interface AccountFacts {
  readonly user: string;
  /** Undefined when there is no such account. */
  readonly shell: string | undefined;
  /** What stands for the password; never the hash itself. */
  readonly password: "hash" | "empty" | "locked" | "missing" | "unreadable";
  /** Days since 1970; undefined where nothing is set (shadow(5)). */
  readonly lastChangeDay: number | undefined;
  readonly expiryDay: number | undefined;
  /** Days. */
  readonly maximumAge: number | undefined;
  /** Whether nobody but root may log in at the moment (nologin(5)). */
  readonly isLoginOff: boolean;
}

/** A file system that the agent writes to. */
export interface DiskFacts extends DiskSpace {
  readonly path: string;
}

/** A package of the distribution. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}
