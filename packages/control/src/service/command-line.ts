import { parseArgs } from "node:util";
import type { Role } from "@nova-agent/host";
import { ControlError } from "../errors.ts";

/** What works on the database alone. */
export type DatabaseCommand =
  | { readonly kind: "migrate" }
  | { readonly kind: "backup" | "restore"; readonly path: string }
  | { readonly kind: "setPassword"; readonly name: string }
  | { readonly kind: "enableUser"; readonly name: string; readonly isEnabled: boolean }
  | { readonly kind: "listUsers" }
  | { readonly kind: "createUser"; readonly name: string; readonly project: string; readonly role: Role };

/** What the service's command line asks for. */
export type ServiceCommand =
  | { readonly kind: "run" }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | DatabaseCommand;

export interface ServiceCommandLine {
  readonly configurationPath: string;
  readonly command: ServiceCommand;
}

const ROLES = ["reader", "member", "admin"] as const;

/** The text of `--help`. */
export const SERVICE_HELP = `Usage: nova-control [--config FILE] [COMMAND]

Runs the control service of a Xen host: the cloud API, and what carries its requests
out. SIGTERM ends it in good order; the guests live on.

  migrate                bring the tables of the database up to date, and end
  backup FILE            write all that the database holds into a file of mode 0600
  restore FILE           put a backup into an empty database
  create-user NAME --project PROJECT --role reader|member|admin
                         make a user, and the project when it is not there; the password
                         is asked for, or is the first line of standard input
  set-password NAME      give a user another password, asked for in the same way; whoever
                         is signed in with the old one has to sign in again
  disable-user NAME      keep a user from signing in, and end what is signed in
  enable-user NAME       let a user sign in again
  list-users             list the users, with what they are in which project

  --config FILE          default: /etc/nova-control.conf
  --version              print the version
  --help                 print this

The embedded database is open in one process at a time: end the service before one of
these commands. With PostgreSQL it may go on, but for restore.
`;

/** Parses the arguments behind the program's name; throws USAGE. */
export function parseServiceCommandLine(args: readonly string[]): ServiceCommandLine {
  const { values, positionals } = parse(args);
  const configurationPath = values.config ?? "/etc/nova-control.conf";
  if (values.help === true) return { configurationPath, command: { kind: "help" } };
  if (values.version === true) return { configurationPath, command: { kind: "version" } };
  const command = parseCommand(positionals, values);
  const isUserMade = command.kind === "createUser";
  if (!isUserMade && (values.project !== undefined || values.role !== undefined))
    throw usage("--project and --role belong to create-user");
  return { configurationPath, command };
}

function parseCommand(
  [name, argument, ...more]: readonly string[],
  values: { readonly project?: string | undefined; readonly role?: string | undefined },
): ServiceCommand {
  if (more.length > 0) throw usage(`There is one argument too many: "${more[0]}"`);
  switch (name) {
    case undefined:
      return { kind: "run" };
    case "migrate":
      refuseArgument(argument, name);
      return { kind: "migrate" };
    case "list-users":
      refuseArgument(argument, name);
      return { kind: "listUsers" };
    case "disable-user":
    case "enable-user": {
      const isEnabled = name === "enable-user";
      return { kind: "enableUser", name: required(argument, `${name} takes a name`), isEnabled };
    }
    case "backup":
    case "restore":
      return { kind: name, path: required(argument, `${name} takes a file`) };
    case "set-password":
      return { kind: "setPassword", name: required(argument, "set-password takes a name") };
    case "create-user":
      return {
        kind: "createUser",
        name: required(argument, "create-user takes a name"),
        project: required(values.project, "create-user takes --project"),
        role: parseRole(values.role),
      };
    default:
      throw usage(`There is no command "${name}"`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: "string" },
        project: { type: "string" },
        role: { type: "string" },
        version: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), error);
  }
}

function parseRole(text: string | undefined): Role {
  const role = ROLES.find((known) => known === text);
  if (role === undefined) throw usage(`create-user takes --role, one of ${ROLES.join(", ")}`);
  return role;
}

function refuseArgument(argument: string | undefined, name: string): void {
  if (argument !== undefined) throw usage(`${name} takes no argument`);
}

function required(text: string | undefined, message: string): string {
  if (text === undefined || text === "") throw usage(message);
  return text;
}

function usage(message: string, cause?: unknown): ControlError {
  return new ControlError("USAGE", message, { wayOut: "nova-control --help shows what there is", cause });
}
