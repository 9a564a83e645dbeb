import { parseArgs } from "node:util";
import { ControlError } from "./errors.ts";

/** What the command line asks for. */
export interface ControlOptions {
  /** The run directory; undefined for the user's own. */
  readonly directory: string | undefined;
  readonly enclosure: "auto" | "namespaces" | "root-tree";
  readonly isHelp: boolean;
}

const ENCLOSURES = ["auto", "namespaces", "root-tree"] as const;

/** The text of `--help`. */
export const HELP = `Usage: npm start -- [OPTIONS]

Starts an embedded XenStore and a demo guest that runs the real agent, and
tells how to talk to it. Ctrl-C ends it and removes everything.

  --directory DIR  where sockets and the guest's files are (default: nova-agent-<uid>
                   in the directory for temporary files)
  --guest KIND     how the guest is kept apart from this machine:
                   namespaces  host name, network, processes and files of its own (Linux)
                   root-tree   files of its own alone; its host name and network are not set
                   auto        namespaces where this machine allows them (default)
  --help           print this
`;

/** Parses the arguments behind the program's name; throws USAGE. */
export function parseCommandLine(args: readonly string[]): ControlOptions {
  const { values } = parse(args);
  const guest = values.guest ?? "auto";
  const enclosure = ENCLOSURES.find((kind) => kind === guest);
  if (enclosure === undefined) throw usage(`"${guest}" is none of ${ENCLOSURES.join(", ")}`);
  if (values.directory === "") throw usage("The directory has no name");
  return { directory: values.directory, enclosure, isHelp: values.help === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { directory: { type: "string" }, guest: { type: "string" }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), error);
  }
}

function usage(message: string, cause?: unknown): ControlError {
  return new ControlError("USAGE", message, { wayOut: "npm start -- --help shows what there is", cause });
}
