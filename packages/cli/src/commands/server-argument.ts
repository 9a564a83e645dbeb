import type { Argument } from "../command-line/command.ts";

/** The server that a command is for. */
export const serverArgument: Argument = { name: "server", description: "id or name of the server" };
