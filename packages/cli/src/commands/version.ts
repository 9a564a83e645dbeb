import { readVersion } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl version GUEST` */
export const versionCommand: Command = {
  name: "version",
  summary: "ask for the version of the guest's agent",
  description:
    "Asks for the version of the guest's agent, for up to 300 seconds: the guest may still be booting.",
  arguments: [guestArgument],
  run: (given, cli) =>
    cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const result = await readVersion(connector, call);
      cli.print({ json: result, text: printable(result.version) });
    }),
};
