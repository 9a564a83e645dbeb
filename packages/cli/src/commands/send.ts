import { type JsonValue, sendRequest } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { usageError } from "../errors.ts";
import { ExitCode } from "../exit-code.ts";
import { printable, printableLines } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl send GUEST NAME [VALUE]` */
export const sendCommand: Command = {
  name: "send",
  summary: "send any request and print the answer",
  description:
    "Sends any request and prints code and message of the answer. Exits with 1 when the guest " +
    "says no. Not for secrets: others on this machine can read arguments.",
  arguments: [
    guestArgument,
    { name: "name", description: "name of the command" },
    { name: "value", description: "value of the request, text; empty without it", fallback: "" },
  ],
  options: [{ name: "value-json", description: "the value is JSON, not text" }],
  async run(given, cli) {
    const [name, text] = [given.word("name"), given.word("value")];
    const request = { name, value: given.has("value-json") ? parseValue(text) : text };
    await cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const { domid, returncode, message, isDone } = await sendRequest(connector, { ...call, request });
      const answer = `${printable(returncode)} ${printableLines(message)}`.trimEnd();
      cli.print({ json: { domid, name, returncode, message, isDone }, text: answer });
      if (!isDone) cli.exitCode = ExitCode.failed;
    });
  },
};

function parseValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`The value is not JSON: ${reason}`, { cause: error });
  }
}
