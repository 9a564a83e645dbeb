import { type JsonValue, sendRequest } from "@nova-agent/host";
import { type Command, InvalidArgumentError } from "commander";
import type { Cli } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { printable, printableLines } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl send GUEST NAME [VALUE]` */
export function addSendCommand(program: Command, cli: Cli): void {
  program
    .command("send")
    .summary("send any request and print the answer")
    .description(
      "Sends any request and prints code and message of the answer. Exits with 1 when the guest " +
        "says no. Not for secrets: others on this machine can read arguments.",
    )
    .addArgument(guestArgument())
    .argument("<name>", "name of the command")
    .argument("[value]", "value of the request, text", "")
    .option("--value-json", "the value is JSON, not text")
    .action((guest: string, name: string, value: string, options: { readonly valueJson?: boolean }) => {
      const request = { name, value: options.valueJson === true ? parseValue(value) : value };
      return cli.withGuest(guest, async ({ connector, call }) => {
        const { domid, returncode, message, isDone } = await sendRequest(connector, { ...call, request });
        const text = `${printable(returncode)} ${printableLines(message)}`.trimEnd();
        cli.print({ json: { domid, name, returncode, message, isDone }, text });
        if (!isDone) cli.exitCode = ExitCode.failed;
      });
    });
}

function parseValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`The value is not JSON: ${reason}`);
  }
}
