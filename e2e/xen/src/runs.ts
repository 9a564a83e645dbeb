/** Which of Xen's servers Dom0 runs: `xenstored`, written in C, or `oxenstored`. */
export type XenstoreServer = "c" | "ox";

/** The systems that a guest may be: a small one with an init of our own and ifupdown, or one with systemd. */
export type GuestKind = "plain" | "systemd";

interface Run {
  readonly server: XenstoreServer;
  readonly guest: GuestKind;
  readonly title: string;
}

/** The boots of Xen: each is a machine of its own, with a guest that has seen nothing of the others. */
export const runs = {
  commands: { server: "c", guest: "plain", title: "real Xen, C xenstored: every command" },
  faults: { server: "c", guest: "plain", title: "real Xen, C xenstored: killed agents, save and restore" },
  oxenstored: {
    server: "ox",
    guest: "plain",
    title: "real Xen, oxenstored: every command, save and restore",
  },
  systemd: { server: "c", guest: "systemd", title: "real Xen, C xenstored: a guest with systemd" },
} as const satisfies Record<string, Run>;

/** The name of a boot. */
export type RunName = keyof typeof runs;

/** Whether a text names a boot. */
export function isRunName(text: string): text is RunName {
  return Object.hasOwn(runs, text);
}
