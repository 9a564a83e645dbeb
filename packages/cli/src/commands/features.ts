import { readFeatures } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl features GUEST` */
export const featuresCommand: Command = {
  name: "features",
  summary: "ask which commands the guest's agent offers",
  description: "Asks which commands the guest's agent offers.",
  arguments: [guestArgument],
  run: (given, cli) =>
    cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const result = await readFeatures(connector, call);
      cli.print({ json: result, text: result.features.map(printable).join("\n") });
    }),
};
