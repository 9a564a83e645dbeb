import { HostError, type HostErrorCode, Secret, setPassword } from "@nova-agent/host";
import { decodeLatin1 } from "@nova-agent/xenstore";
import type { Cli } from "../cli.ts";
import type { Command } from "../command-line/command.ts";
import { readPassword } from "../password-source.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl password GUEST` */
export const passwordCommand: Command = {
  name: "password",
  summary: "set the password of root or Administrator",
  description:
    "Sets the password of root, or of Administrator on Windows. It is asked for twice without " +
    "echo, or read from standard input up to the first line break; it is never an argument.",
  arguments: [guestArgument],
  options: [
    {
      name: "password-file",
      value: "file",
      description: "read it from the first line of a file",
      conflictsWith: "generate",
    },
    { name: "generate", description: "make one, and print it once the guest has it" },
  ],
  run: (given, cli) =>
    cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const isGenerated = given.has("generate");
      const bytes = await readPassword({ isGenerated, file: given.text("password-file") }, cli);
      const generated = isGenerated ? decodeLatin1(bytes) : undefined;
      try {
        const password = new Secret(bytes);
        const { domid } = await setPassword(connector, { ...call, password, crypto: cli.host.crypto });
        printDone(cli, domid, generated);
      } catch (error) {
        if (generated !== undefined) tellIfPending(error, generated, cli);
        throw error;
      }
    }),
};

/** After these the guest may have the password: only a refusal says that it has not. */
const pendingCodes: ReadonlySet<HostErrorCode> = new Set([
  "GUEST_TIMEOUT",
  "CANCELLED",
  "GUEST_GONE",
  "OUTCOME_UNKNOWN",
  "GUEST_BAD_REPLY",
  "XENSTORE_FAILED",
]);

function printDone(cli: Cli, domid: number, generated: string | undefined): void {
  const json = { domid, isSet: true };
  if (generated === undefined) {
    cli.print({ json, text: `Domain ${domid} has the new password` });
  } else {
    cli.remark(`Domain ${domid} has this new password, which is shown only here:`);
    cli.print({ json: { ...json, password: generated }, text: generated });
  }
}

/** A guest that was sent the password but did not answer may have it, and then nobody would know it. */
function tellIfPending(error: unknown, generated: string, cli: Cli): void {
  const isPending =
    error instanceof HostError && error.facts.command === "password" && pendingCodes.has(error.code);
  if (isPending)
    cli.terminal.writeError(`If the guest has it or sets it later, the password is: ${generated}\n`);
}
