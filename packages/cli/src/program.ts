import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "./cli.ts";
import { addFeaturesCommand } from "./commands/features.ts";
import { addInjectFileCommand } from "./commands/inject-file.ts";
import { addListCommand } from "./commands/list.ts";
import { addLsCommand } from "./commands/ls.ts";
import { addPasswordCommand } from "./commands/password.ts";
import { addResetNetworkCommand } from "./commands/reset-network.ts";
import { addSendCommand } from "./commands/send.ts";
import { addVersionCommand } from "./commands/version.ts";
import { addWatchCommand } from "./commands/watch.ts";
import { EXIT_CODE_HELP } from "./exit-code.ts";
import { parseSeconds } from "./text/parse-seconds.ts";

/** Every command, in the order of `--help`. */
const additions = [
  addListCommand,
  addVersionCommand,
  addFeaturesCommand,
  addPasswordCommand,
  addInjectFileCommand,
  addResetNetworkCommand,
  addSendCommand,
  addLsCommand,
  addWatchCommand,
];

const exampleHelp = `Examples:
  guestctl list
  guestctl version web-1
  guestctl password web-1 --generate
  guestctl inject-file 5 motd /etc/motd
  guestctl password --help`;

const environmentHelp = `Environment:
  XENSTORED_PATH    socket of xenstored, in place of the usual places`;

/** The command line of guestctl. Parsing it throws commander's CommanderError for wrong usage. */
export function createProgram(cli: Cli, version: string): Command {
  const program = new Command("guestctl")
    .description(
      "Talks to the guests of a Xen host through XenStore. A guest is named by its domid or its name.",
    )
    .version(version, "-V, --version", "print the version of guestctl")
    .addOption(new Option("--json", 'print JSON, errors too: {"error": {"code", "message"}}'))
    .addOption(
      new Option(
        "--timeout <seconds>",
        "wait so long for each answer, in place of the command's limit",
      ).argParser(parseSeconds),
    )
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: 100,
      subcommandTerm: (command) => command.name(),
    })
    .configureOutput({
      writeOut: (text) => cli.terminal.writeOut(text),
      writeErr: () => {}, // The one place that reports errors does it.
    })
    .exitOverride()
    .addHelpText("after", `\n${exampleHelp}\n\n${environmentHelp}\n\n${EXIT_CODE_HELP}`);
  program.hook("preAction", (_program, command) => cli.setOptions(command.optsWithGlobals<GlobalOptions>()));
  for (const add of additions) add(program, cli);
  return program;
}
