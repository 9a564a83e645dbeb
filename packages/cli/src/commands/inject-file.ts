import { type InjectFileResult, injectFile } from "@nova-agent/host";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { readInputFile, readStdin } from "../terminal/read-input.ts";
import { printable } from "../text/escape.ts";
import { guestArgument } from "./guest-argument.ts";

/** `guestctl inject-file GUEST LOCAL-FILE REMOTE-PATH` */
export function addInjectFileCommand(program: Command, cli: Cli): void {
  program
    .command("inject-file")
    .summary("write a file in the guest")
    .description(
      "Writes a file in the guest, which keeps a copy of one that was there. Some 2,900 bytes " +
        "fit under xenstored, some 1,400 under oxenstored.",
    )
    .addArgument(guestArgument())
    .argument("<local-file>", "file to send, or - for standard input")
    .argument("<remote-path>", "absolute path in the guest, such as /etc/motd or C:\\motd.txt")
    .option("--binary", "send what is not text even to an agent that may not survive it")
    .action((guest: string, local: string, path: string, options: { readonly binary?: boolean }) =>
      cli.withGuest(guest, async ({ connector, call }) => {
        const { stdin } = cli.terminal;
        const content = local === "-" ? await readStdin(stdin, cli.signal) : await readInputFile(local);
        const allowBinary = options.binary === true;
        const result = await injectFile(connector, { ...call, file: { path, content }, allowBinary });
        cli.print({ json: result, text: renderResult(result) });
      }),
    );
}

function renderResult(result: InjectFileResult): string {
  return `Domain ${result.domid} has written ${printable(result.path)}, ${result.bytes} bytes`;
}
