import type { Argument } from "../command-line/command.ts";

/** The guest that a command is for. */
export const guestArgument: Argument = { name: "guest", description: "domid or name of the guest" };
