import { readFeatures } from "@nova-agent/host";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl features GUEST` */
export function addFeaturesCommand(program: Command, cli: Cli): void {
  program
    .command("features")
    .summary("ask which commands the guest's agent offers")
    .description("Asks which commands the guest's agent offers.")
    .addArgument(guestArgument())
    .action((guest: string) =>
      cli.withGuest(guest, async ({ connector, call }) => {
        const result = await readFeatures(connector, call);
        cli.print({ json: result, text: result.features.map(printable).join("\n") });
      }),
    );
}
