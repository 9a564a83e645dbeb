import { renderCommandHelp, renderGroupHelp, renderHelp } from "./command-line/help.ts";
import type { HelpRequest, Known } from "./command-line/read-command-line.ts";
import { buildCommand } from "./commands/build.ts";
import { featuresCommand } from "./commands/features.ts";
import { injectFileCommand } from "./commands/inject-file.ts";
import { listCommand } from "./commands/list.ts";
import { lsCommand } from "./commands/ls.ts";
import { networkAttachCommand } from "./commands/network-attach.ts";
import { networkDetachCommand } from "./commands/network-detach.ts";
import { networkListCommand } from "./commands/network-list.ts";
import { operationsCommand } from "./commands/operations.ts";
import { passwordCommand } from "./commands/password.ts";
import { rescueCommand } from "./commands/rescue.ts";
import { resetNetworkCommand } from "./commands/reset-network.ts";
import { sendCommand } from "./commands/send.ts";
import { unrescueCommand } from "./commands/unrescue.ts";
import { versionCommand } from "./commands/version.ts";
import { watchCommand } from "./commands/watch.ts";
import { EXIT_CODE_HELP } from "./exit-code.ts";
import { parseSeconds } from "./text/parse-seconds.ts";

/** Every command, in the order of `--help`, and the options of all of them. */
export const known: Known = {
  commands: [
    listCommand,
    versionCommand,
    featuresCommand,
    passwordCommand,
    injectFileCommand,
    resetNetworkCommand,
    sendCommand,
    lsCommand,
    watchCommand,
    operationsCommand,
    buildCommand,
    rescueCommand,
    unrescueCommand,
    networkListCommand,
    networkAttachCommand,
    networkDetachCommand,
  ],
  options: [
    { name: "version", short: "V", description: "print the version of guestctl" },
    { name: "json", description: 'print JSON, errors too: {"error": {"code", "message"}}' },
    {
      name: "timeout",
      value: "seconds",
      parse: parseSeconds,
      description: "wait so long for each answer, in place of the command's limit",
    },
    { name: "help", short: "h", description: "display help for command" },
  ],
};

const exampleHelp = `Examples:
  guestctl list
  guestctl version web-1
  guestctl password web-1 --generate
  guestctl inject-file 5 motd /etc/motd
  guestctl operations web-1
  guestctl build web-2 --image debian-12 --flavor small --network public
  guestctl password --help`;

const environmentHelp = `Environment:
  XENSTORED_PATH    socket of xenstored, in place of the usual places
  OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME
                    the API and who asks it, as of the openstack command`;

const description =
  "Talks to the guests of a Xen host through XenStore. A guest is named by its domid or its name. " +
  "What is done with servers is asked of the API of the control service.";

/** What `--help` prints, of one command, of those that begin with a word, or of all. */
export function helpText({ command, group }: Pick<HelpRequest, "command" | "group">): string {
  if (command !== undefined) return renderCommandHelp(command, known.options);
  if (group !== undefined) return renderGroupHelp(group, known);
  const epilogue = `${exampleHelp}\n\n${environmentHelp}\n\n${EXIT_CODE_HELP}`;
  return renderHelp(known, { description, epilogue });
}
