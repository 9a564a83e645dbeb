import { parseArgs } from "node:util";
import { AgentError } from "../../errors.ts";

/** What the program was asked to do. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
      readonly kind: "serve";
      readonly root: string;
      /** Undefined for the usual file, which may be missing. */
      readonly configPath: string | undefined;
      readonly isDryRun: boolean;
    };

/** Where the configuration is when `--config` does not say so. */
export const CONFIG_PATH = "/etc/nova-agent.conf";

const options = {
  help: { type: "boolean" },
  version: { type: "boolean" },
  root: { type: "string" },
  config: { type: "string" },
  "dry-run": { type: "boolean" },
} as const;

/** What `--help` prints. */
export const USAGE = `Usage: nova-agent [OPTION]...
Serves the requests that the host puts into XenStore for this Xen guest.

  --root DIR     change the files under DIR; nothing is run on the live system then
  --dry-run      show what the waiting requests would change, and end
  --config FILE  read FILE instead of ${CONFIG_PATH}
  --help         show this and end
  --version      show the version and end

Ends with status 0 when it was asked to (SIGTERM, SIGINT), 64 for a wrong command
line, 69 when XenStore cannot be reached in a dry run, 78 for a wrong configuration.
`;

/** Reads the arguments behind the program's name. Throws AGENT_BAD_SETTING for what it does not know. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") throw wrongUse(`Unexpected argument "${token.value}"`);
    if (token.kind === "option") checkOption(token);
  }
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const { root = "/", config: configPath, "dry-run": isDryRun = false } = values;
  return { kind: "serve", root, configPath, isDryRun };
}

interface OptionToken {
  readonly name: string;
  /** As it was written. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value stood behind an equals sign. */
  readonly inlineValue?: boolean | undefined;
}

function checkOption({ name, rawName, value = "", inlineValue }: OptionToken): void {
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
