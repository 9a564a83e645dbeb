/** Which of Xen's servers Dom0 runs: `xenstored`, written in C, or `oxenstored`. */
export type XenstoreServer = "c" | "ox";

/** The systems that a guest may be: a small one with an init of our own and ifupdown, or one with systemd. */
export type GuestKind = "plain" | "systemd";

/** Which guests a boot has: one of a kind, in memory, or none but those that a toolstack makes on disks. */
export type GuestsOfRun = GuestKind | "disks";

/** Which of the agent's executables the guest has: the static one, as its packages bring it, or that on Node. */
export type AgentKind = "static" | "node";

interface Run {
  readonly server: XenstoreServer;
  readonly guest: GuestsOfRun;
  readonly agent: AgentKind;
  readonly title: string;
}

/** The boots of Xen: each is a machine of its own, with a guest that has seen nothing of the others. */
export const runs = {
  commands: {
    server: "c",
    guest: "plain",
    agent: "static",
    title: "real Xen, C xenstored: every command",
  },
  faults: {
    server: "c",
    guest: "plain",
    agent: "static",
    title: "real Xen, C xenstored: killed agents, save and restore",
  },
  oxenstored: {
    server: "ox",
    guest: "plain",
    agent: "node",
    title: "real Xen, oxenstored: every command, save and restore, on Node",
  },
  systemd: {
    server: "c",
    guest: "systemd",
    agent: "static",
    title: "real Xen, C xenstored: a guest with systemd",
  },
  toolstack: {
    server: "c",
    guest: "disks",
    agent: "static",
    title: "real Xen, C xenstored: guests on disks, by the host's own toolstack",
  },
} as const satisfies Record<string, Run>;

/** The name of a boot. */
export type RunName = keyof typeof runs;

/** Whether a text names a boot. */
export function isRunName(text: string): text is RunName {
  return Object.hasOwn(runs, text);
}
