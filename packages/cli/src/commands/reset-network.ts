import { resetNetwork } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl reset-network GUEST` */
export const resetNetworkCommand: Command = {
  name: "reset-network",
  summary: "let the guest set up its network anew",
  description:
    "Lets the guest set up its network anew from what XenStore says under vm-data, within 60 seconds.",
  arguments: [guestArgument],
  run: (given, cli) =>
    cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const result = await resetNetwork(connector, call);
      if (!result.isConfirmed) {
        cli.remark(
          `The agent answered 500 (${printable(result.message)}), which old agents do after success too`,
        );
      }
      cli.print({ json: result, text: `Domain ${result.domid} has reset its network` });
    }),
};
