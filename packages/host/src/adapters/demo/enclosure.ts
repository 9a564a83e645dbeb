import type { ChildProcess } from "node:child_process";
import type { DemoVif } from "./guest-files.ts";
import type { Argv } from "./program.ts";

/**
 * How a demo guest is kept apart from the machine: in namespaces of its own, where host name, network
 * and root directory are really its own, or by the agent's `--root` alone, where only its files are.
 */
export type EnclosureKind = "namespaces" | "root-tree";

/** What a guest runs, in the order in which it starts: the guest tools, which tell the host of the guest, and the agent. */
export const guestPrograms = ["xe-daemon", "nova-agent"] as const;

/** One of them. */
export type GuestProgram = (typeof guestPrograms)[number];

/** The agent's program on the machine. */
export interface AgentProgram {
  /** Directory with the code and all that it imports; the guest sees it read-only. */
  readonly directory: string;
  /** The JavaScript file to run, relative to the directory. */
  readonly main: string;
}

/** What an enclosure is made of. */
export interface EnclosureOptions {
  /** The guest's root tree as `makeDisk` makes it: an absolute path. */
  readonly tree: string;
  /** The root tree of the instance that this guest, a rescue system, repairs. */
  readonly rescuedTree?: string;
  /** The domain's XenStore socket on the machine. */
  readonly socketPath: string;
  readonly domid: number;
  readonly memoryKib: number;
  readonly vifs: readonly DemoVif[];
  readonly agent: AgentProgram;
  /** Directories laid out like `/` whose files the guest sees over the machine's, such as unpacked packages. */
  readonly layers?: readonly string[];
}

/** A place for one guest. */
export interface Enclosure {
  readonly kind: EnclosureKind;
  /** The command that leads inside, to be followed by a program; none where there is no inside. */
  readonly enterCommand?: Argv;
  /** Whose ifup(8) and ifdown(8) the guest has; `none` where no program of the guest is run. */
  readonly ifupdown: "machine" | "stand-in" | "none";
  /** What can be started here. */
  readonly programs: readonly GuestProgram[];
  /** Starts one of them with its output in the open file `log`. */
  start(program: GuestProgram, log: number): ChildProcess;
  /** Plugs in a network card while the guest runs. */
  plugVif(vif: DemoVif): Promise<void>;
  /** Takes one out. */
  unplugVif(vif: DemoVif): Promise<void>;
  /** Ends all that runs inside; the tree stays. Safe to call twice. */
  close(): Promise<void>;
}
