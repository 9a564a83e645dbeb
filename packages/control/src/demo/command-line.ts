import { parseArgs } from "node:util";
import { ControlError } from "../errors.ts";

/** What the command line asks for. */
export interface ControlOptions {
  /** The run directory; undefined for the user's own. */
  readonly directory: string | undefined;
  readonly enclosure: "auto" | "namespaces" | "root-tree";
  /** Where the database and the guests' disks are kept; undefined for as long as the process runs. */
  readonly dataDirectory: string | undefined;
  /** Of the API; 0 for any that is free. */
  readonly port: number;
  /** Of `/healthz` and `/metrics`; undefined for none. */
  readonly monitoringPort: number | undefined;
  readonly isHelp: boolean;
}

/** TCP has two bytes for it (RFC 9293, 3.1). */
const PORT_MAX = 65_535;

const ENCLOSURES = ["auto", "namespaces", "root-tree"] as const;

/** The text of `--help`. */
export const HELP = `Usage: npm start -- [OPTIONS]

Starts an embedded XenStore, a demo guest that runs the real agent, and a cloud
API of which the guest is a server; and tells how to use them. Ctrl-C ends it
and removes everything.

  --directory DIR  where sockets and the guest's files are (default: nova-agent-<uid>
                   in the directory for temporary files)
  --guest KIND     how the guest is kept apart from this machine:
                   namespaces  host name, network, processes and files of its own (Linux)
                   root-tree   files of its own alone; its host name and network are not set
                   auto        namespaces where this machine allows them (default)
  --port N         where the API listens on 127.0.0.1 (default: a free port)
  --monitoring-port N
                   where /healthz and /metrics are on 127.0.0.1; 0 for a free port
                   (default: nowhere)
  --data DIR       keep the database and the guests' disks there (default: they end
                   with this process)
  --help           print this
`;

/** Parses the arguments behind the program's name; throws USAGE. */
export function parseCommandLine(args: readonly string[]): ControlOptions {
  const { values } = parse(args);
  const monitoring = values["monitoring-port"];
  const guest = values.guest ?? "auto";
  const enclosure = ENCLOSURES.find((kind) => kind === guest);
  if (enclosure === undefined) throw usage(`"${guest}" is none of ${ENCLOSURES.join(", ")}`);
  if (values.directory === "") throw usage("The directory has no name");
  if (values.data === "") throw usage("The directory for data has no name");
  return {
    directory: values.directory,
    enclosure,
    dataDirectory: values.data,
    port: parsePort(values.port ?? "0"),
    monitoringPort: monitoring === undefined ? undefined : parsePort(monitoring),
    isHelp: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        directory: { type: "string" },
        guest: { type: "string" },
        port: { type: "string" },
        "monitoring-port": { type: "string" },
        data: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), error);
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX) return Number(text);
  throw usage(`"${text}" is no port: use a number up to ${PORT_MAX}, or 0 for a free one`);
}

function usage(message: string, cause?: unknown): ControlError {
  return new ControlError("USAGE", message, { wayOut: "npm start -- --help shows what there is", cause });
}
