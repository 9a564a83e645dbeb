import { type InjectFileResult, injectFile } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { readInputFile, readStdin } from "../terminal/read-input.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl inject-file GUEST LOCAL-FILE REMOTE-PATH` */
export const injectFileCommand: Command = {
  name: "inject-file",
  summary: "write a file in the guest",
  description:
    "Writes a file in the guest, which keeps a copy of one that was there. Some 2,900 bytes " +
    "fit under xenstored, some 1,400 under oxenstored.",
  arguments: [
    guestArgument,
    { name: "local-file", description: "file to send, or - for standard input" },
    { name: "remote-path", description: "absolute path in the guest, such as /etc/motd or C:\\motd.txt" },
  ],
  options: [
    { name: "binary", description: "send what is not text even to an agent that may not survive it" },
  ],
  run: (given, cli) =>
    cli.withGuest(given.word("guest"), async ({ connector, call }) => {
      const [local, path] = [given.word("local-file"), given.word("remote-path")];
      const content =
        local === "-" ? await readStdin(cli.terminal.input, cli.signal) : await readInputFile(local, cli);
      const allowBinary = given.has("binary");
      const result = await injectFile(connector, { ...call, file: { path, content }, allowBinary });
      cli.print({ json: result, text: renderResult(result) });
    }),
};

function renderResult(result: InjectFileResult): string {
  return `Domain ${result.domid} has written ${printable(result.path)}, ${result.bytes} bytes`;
}
