import { parseArgs } from "node:util";
import { AgentError } from "../../errors.ts";
import { type NetworkAction, networkActions } from "../../network-command.ts";

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
  | ({
      readonly kind: "network";
      readonly action: NetworkAction;
      /** File with the wanted network; undefined for what XenStore says. */
      readonly from: string | undefined;
      readonly isJson: boolean;
    } & CommonOptions);

/** Where the configuration is when `--config` does not say so. */
export const CONFIG_PATH = "/etc/nova-agent.conf";

const common = {
  help: { type: "boolean" },
  version: { type: "boolean" },
  root: { type: "string" },
  config: { type: "string" },
} as const;

const serveOptions = { ...common, "dry-run": { type: "boolean" } } as const;
const networkOptions = { ...common, from: { type: "string" }, json: { type: "boolean" } } as const;

/** What `--help` prints. */
export const USAGE = `Usage: nova-agent [OPTION]...
       nova-agent network ACTION [OPTION]...
       nova-agent undo [OPTION]...
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

Ends with status 0 when it was asked to (SIGTERM, SIGINT) or all is done, 1 when
that failed, 64 for a wrong command line, 69 when XenStore cannot be reached by
network or a dry run, 78 for a wrong configuration.
`;

/** Reads the arguments behind the program's name. Throws AGENT_BAD_SETTING for what it does not know. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const [word, ...others] = args;
  if (word === "network") return parseNetwork(others);
  return word === "undo" ? parseUndo(others) : parseServe(args);
}

function parseUndo(args: readonly string[]): CommandLine {
  checkTokens(args, { options: common, wordsMax: 0 });
  const { values } = parseArgs({ args: [...args], options: common });
  const { root = "/", config: configPath } = values;
  return askedFirst(values) ?? { kind: "undo", root, configPath };
}

function parseServe(args: readonly string[]): CommandLine {
  checkTokens(args, { options: serveOptions, wordsMax: 0 });
  const { values } = parseArgs({ args: [...args], options: serveOptions });
  const asked = askedFirst(values);
  if (asked !== undefined) return asked;
  const { root = "/", config: configPath, "dry-run": isDryRun = false } = values;
  return { kind: "serve", root, configPath, isDryRun };
}

function parseNetwork(args: readonly string[]): CommandLine {
  checkTokens(args, { options: networkOptions, wordsMax: 1 });
  const { values, positionals } = parseArgs({
    args: [...args],
    options: networkOptions,
    allowPositionals: true,
  });
  const asked = askedFirst(values);
  if (asked !== undefined) return asked;
  const { root = "/", config: configPath, from, json: isJson = false } = values;
  const action = parseAction(positionals[0]);
  if (isJson && action !== "show") throw wrongUse(`Option "--json" belongs to network show`);
  return { kind: "network", action, root, configPath, from, isJson };
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

interface Asked {
  readonly help?: boolean | undefined;
  readonly version?: boolean | undefined;
}

/** What goes before everything else. */
function askedFirst({ help, version }: Asked): CommandLine | undefined {
  if (help === true) return { kind: "help" };
  return version === true ? { kind: "version" } : undefined;
}

interface Known {
  readonly options: Readonly<Record<string, { readonly type: "boolean" | "string" }>>;
  /** How many arguments may be no options. */
  readonly wordsMax: number;
}

function checkTokens(args: readonly string[], { options, wordsMax }: Known): void {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  let words = 0;
  for (const token of tokens) {
    if (token.kind === "positional") words += 1;
    if (token.kind === "positional" && words > wordsMax) {
      throw wrongUse(`Unexpected argument "${token.value}"`);
    }
    if (token.kind === "option") checkOption(token, options);
  }
}

interface OptionToken {
  readonly name: string;
  /** As it was written. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value stood behind an equals sign. */
  readonly inlineValue?: boolean | undefined;
}

function checkOption(
  { name, rawName, value = "", inlineValue }: OptionToken,
  options: Known["options"],
): void {
  const known = Object.entries(options).find(([option]) => option === name)?.[1];
  if (known === undefined) {
    const names = Object.keys(options).map((option) => `--${option}`);
    throw wrongUse(`Unknown option "${rawName}"; known are ${names.join(", ")}`);
  }
  const isNextOption = value.startsWith("-") && inlineValue !== true;
  if (known.type === "string" && (value === "" || isNextOption)) {
    throw wrongUse(`Option "${rawName}" needs a value`);
  }
  if (known.type === "boolean" && inlineValue === true) {
    throw wrongUse(`Option "${rawName}" takes no value`);
  }
}

function wrongUse(message: string): AgentError {
  return new AgentError("AGENT_BAD_SETTING", message);
}
