import { type OptionTypes, readArguments, type Values, wrongUse } from "./arguments.ts";
import { readXeDaemonArguments, type XeDaemonArguments } from "../report/arguments.ts";

/** What `nova-agent network` can do. */
export type NetworkAction = "show" | "plan" | "diff" | "apply";

/** All of them, as they are written on the command line. */
const networkActions: readonly NetworkAction[] = ["show", "plan", "diff", "apply"];

/** What `nova-agent rescue` does, each without the others. */
export const rescueParts = ["password", "services", "network"] as const;

/** One of them. */
export type RescuePart = (typeof rescueParts)[number];

/** What every command that does something can be told. */
interface CommonOptions {
  readonly root: string;
  /** Undefined for the usual file, which may be missing. */
  readonly configPath: string | undefined;
}

/** What the program was asked to do. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | ({ readonly kind: "serve"; readonly isDryRun: boolean } & CommonOptions)
  | ({ readonly kind: "undo" } & CommonOptions)
  | ({ readonly kind: "doctor"; readonly isJson: boolean } & CommonOptions)
  | ({ readonly kind: "status"; readonly isJson: boolean } & CommonOptions)
  | ({ readonly kind: "xe-daemon" } & XeDaemonArguments & CommonOptions)
  | ({
      readonly kind: "xe-linux-distribution";
      /** File to be written; undefined to print. */
      readonly output: string | undefined;
    } & CommonOptions)
  | ({
      readonly kind: "rescue";
      /** What is to be done. */
      readonly parts: readonly RescuePart[];
      readonly isDryRun: boolean;
    } & CommonOptions)
  | ({
      readonly kind: "network";
      readonly action: NetworkAction;
      /** File with the wanted network; undefined for what XenStore says. */
      readonly from: string | undefined;
      readonly isJson: boolean;
    } & CommonOptions);

/** Where the configuration is when `--config` does not say so. */
export const CONFIG_PATH = "/etc/nova-agent.conf";

const common: OptionTypes = { help: "flag", version: "flag", root: "value", config: "value" };
const serveOptions: OptionTypes = { ...common, "dry-run": "flag" };
const networkOptions: OptionTypes = { ...common, from: "value", json: "flag" };

/** What `--help` prints. */
export const USAGE = `Usage: nova-agent [OPTION]...
       nova-agent network ACTION [OPTION]...
       nova-agent undo [OPTION]...
       nova-agent doctor [OPTION]...
       nova-agent status [OPTION]...
       nova-agent rescue --root DIR [OPTION]...
       nova-agent xe-daemon [OPTION]...
       nova-agent xe-linux-distribution [FILE] [OPTION]...
Serves the requests that the host puts into XenStore for this Xen guest, or
changes the guest's host name and network once.

  --root DIR     change the files under DIR; nothing is run on the live system then
  --dry-run      show what the waiting requests would change, and end
  --config FILE  read FILE instead of ${CONFIG_PATH}
  --help         show this and end
  --version      show the version and end

nova-agent network takes the host name and the network that the host wants:
  show           what the guest has, which program manages it, and what is wanted
  plan           the steps that would bring it about
  diff           what would change, in files and in the kernel
  apply          bring it about, and print what the host would be answered
  --from FILE    take them from the JSON in FILE instead of XenStore's vm-data
  --json         show as JSON
  --root, --config as above

nova-agent undo brings back the files that the guest had before its host name
and network were first changed, with --root and --config as above. The agent
should not run meanwhile.

nova-agent doctor looks for what keeps the agent from its work, and names it with
the command that mends it, the worst first; it changes nothing and needs no agent:
  --root DIR     examine the system whose disk is mounted at DIR
  --json         show as JSON
Ends with status 0 when all is well, 1 for problems, 2 for warnings alone.

nova-agent rescue repairs the system whose disk is mounted at DIR: it sets root's
password, one line of standard input that is seen as it is typed, has the services
start, and has the network's files say what the host wants:
  --no-password, --no-services, --no-network  leave that out
  --dry-run      show what would be done, and end; asks for no password

nova-agent status tells how the service does that runs: version, memory, latest
requests with what became of them; --json as above. Ends with 3 when none runs.

nova-agent xe-daemon, or the program by the name xe-daemon, reports addresses,
memory and disks of the guest to the host, unless another daemon does:
  -i, --interval SECONDS  look at memory and disks every second interval (60)
  -B, --no-balloon        do not offer to give memory back
  -p, --pid-file FILE     write the number of the process to FILE
  -d, --debug             log everything
  --root, --config as above

nova-agent xe-linux-distribution, or the program by that name, prints which
distribution this is, or writes it to FILE, with --root and --config as above.

The others end with status 0 when they were asked to (SIGTERM, SIGINT) or all is
done, 1 when that failed, 64 for a wrong command line, 69 when XenStore cannot be
reached by network or a dry run, 78 for a wrong configuration.
`;

/** Reads the arguments behind the program's name. Throws AGENT_BAD_SETTING for what it does not know. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const [word, ...others] = args;
  const parse = word === undefined ? undefined : parsers.get(word);
  return parse === undefined ? parseServe(args) : parse(others);
}

// A Map, so that no word finds a property that every object has.
const parsers: ReadonlyMap<string, (args: readonly string[]) => CommandLine> = new Map([
  ["network", parseNetwork],
  ["undo", parseUndo],
  ["doctor", parseDoctor],
  ["status", parseStatus],
  ["rescue", parseRescue],
  ["xe-daemon", parseXeDaemon],
  ["xe-linux-distribution", parseXeLinuxDistribution],
]);

/** The arguments of a program that was called by the name of one of its commands. */
export function argumentsOf(programPath: string, args: readonly string[]): readonly string[] {
  const name = programPath.slice(programPath.lastIndexOf("/") + 1);
  return name === "xe-daemon" || name === "xe-linux-distribution" ? [name, ...args] : args;
}

function parseXeDaemon(args: readonly string[]): CommandLine {
  const { values, told } = readXeDaemonArguments(args, common);
  return askedFirst(values) ?? { kind: "xe-daemon", ...commonOf(values), ...told };
}

function parseXeLinuxDistribution(args: readonly string[]): CommandLine {
  const { values, words } = readArguments(args, { options: common, wordsMax: 1 });
  return askedFirst(values) ?? { kind: "xe-linux-distribution", ...commonOf(values), output: words[0] };
}

function parseRescue(args: readonly string[]): CommandLine {
  const options = Object.fromEntries(rescueParts.map((part) => [`no-${part}`, "flag"] as const));
  const { values } = readArguments(args, { options: { ...common, "dry-run": "flag", ...options } });
  const asked = askedFirst(values);
  if (asked !== undefined) return asked;
  const { root, configPath } = commonOf(values);
  if (root === "/")
    throw wrongUse("nova-agent rescue needs --root DIR, where the other system's disk is mounted");
  const parts = rescueParts.filter((part) => !values.has(`no-${part}`));
  return { kind: "rescue", root, configPath, parts, isDryRun: values.has("dry-run") };
}

function parseStatus(args: readonly string[]): CommandLine {
  const { values } = readArguments(args, { options: { ...common, json: "flag" } });
  if ((values.get("root") ?? "/") !== "/") {
    throw wrongUse(`Option "--root" is not for nova-agent status, which tells of the running system`);
  }
  return askedFirst(values) ?? { kind: "status", ...commonOf(values), isJson: values.has("json") };
}

function parseDoctor(args: readonly string[]): CommandLine {
  const { values } = readArguments(args, { options: { ...common, json: "flag" } });
  return askedFirst(values) ?? { kind: "doctor", ...commonOf(values), isJson: values.has("json") };
}

function parseUndo(args: readonly string[]): CommandLine {
  const { values } = readArguments(args, { options: common });
  return askedFirst(values) ?? { kind: "undo", ...commonOf(values) };
}

function parseServe(args: readonly string[]): CommandLine {
  const { values } = readArguments(args, { options: serveOptions });
  return askedFirst(values) ?? { kind: "serve", ...commonOf(values), isDryRun: values.has("dry-run") };
}

function parseNetwork(args: readonly string[]): CommandLine {
  const { values, words } = readArguments(args, { options: networkOptions, wordsMax: 1 });
  const asked = askedFirst(values);
  if (asked !== undefined) return asked;
  const action = parseAction(words[0]);
  const isJson = values.has("json");
  if (isJson && action !== "show") throw wrongUse(`Option "--json" belongs to network show`);
  return { kind: "network", action, ...commonOf(values), from: values.get("from"), isJson };
}

function commonOf(values: Values): CommonOptions {
  return { root: values.get("root") ?? "/", configPath: values.get("config") };
}

function parseAction(word: string | undefined): NetworkAction {
  const action = networkActions.find((each) => each === word);
  if (action !== undefined) return action;
  const known = networkActions.join(", ");
  throw wrongUse(
    word === undefined
      ? `nova-agent network needs an action: ${known}`
      : `Unknown action "${word}" of nova-agent network; known are ${known}`,
  );
}

/** What goes before everything else. */
function askedFirst(values: Values): CommandLine | undefined {
  if (values.has("help")) return { kind: "help" };
  return values.has("version") ? { kind: "version" } : undefined;
}
