/** Which of Xen's servers Dom0 runs: `xenstored`, written in C, or `oxenstored`. */
export type XenstoreServer = "c" | "ox";

/** The boots of Xen: each is a machine of its own, with a guest that has seen nothing of the others. */
export const runs = {
  commands: { server: "c", title: "real Xen, C xenstored: every command" },
  faults: { server: "c", title: "real Xen, C xenstored: killed agents, save and restore" },
  oxenstored: { server: "ox", title: "real Xen, oxenstored: every command, save and restore" },
} as const satisfies Record<string, { readonly server: XenstoreServer; readonly title: string }>;

/** The name of a boot. */
export type RunName = keyof typeof runs;

/** Whether a text names a boot. */
export function isRunName(text: string): text is RunName {
  return Object.hasOwn(runs, text);
}
