import { readVersion } from "@nova-agent/host";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl version GUEST` */
export function addVersionCommand(program: Command, cli: Cli): void {
  program
    .command("version")
    .summary("ask for the version of the guest's agent")
    .description(
      "Asks for the version of the guest's agent, for up to 300 seconds: the guest may still be " +
        "booting.",
    )
    .addArgument(guestArgument())
    .action((guest: string) =>
      cli.withGuest(guest, async ({ connector, call }) => {
        const result = await readVersion(connector, call);
        cli.print({ json: result, text: printable(result.version) });
      }),
    );
}
