import { AgentError } from "../errors.ts";

/** The options of a command, by name without the dashes: alone, or with a value behind. */
export type OptionTypes = Readonly<Record<string, "flag" | "value">>;

/** The options that were given; the value of a flag is empty. */
export type Values = ReadonlyMap<string, string>;

/** What a command takes. */
export interface Taken {
  readonly options: OptionTypes;
  /** How many arguments may be no options; none when nothing is said. */
  readonly wordsMax?: number;
}

/**
 * Reads arguments as getopt_long(3) does: `--name value` or `--name=value`; behind `--` nothing is an
 * option. Throws AGENT_BAD_SETTING for what a command does not take.
 */
export function readArguments(
  args: readonly string[],
  { options, wordsMax = 0 }: Taken,
): { readonly values: Values; readonly words: readonly string[] } {
  const values = new Map<string, string>();
  const words: string[] = [];
  const rest = [...args];
  let areOptionsOver = false;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!areOptionsOver && arg === "--") {
      areOptionsOver = true;
    } else if (!areOptionsOver && arg.startsWith("-") && arg !== "-") {
      const { name, value } = readOption(arg, rest, options);
      values.set(name, value);
    } else {
      words.push(arg);
      if (words.length > wordsMax) throw wrongUse(`Unexpected argument "${arg}"`);
    }
  }
  return { values, words };
}

/** What is wrong with how a program was called. */
export function wrongUse(message: string): AgentError {
  return new AgentError("AGENT_BAD_SETTING", message);
}

/** Reads one option, and takes its value off the rest where it stands there. */
function readOption(
  arg: string,
  rest: string[],
  options: OptionTypes,
): { readonly name: string; readonly value: string } {
  const equals = arg.indexOf("=");
  const rawName = equals < 0 ? arg : arg.slice(0, equals);
  const inline = equals < 0 ? undefined : arg.slice(equals + 1);
  const name = rawName.slice(2);
  const type = rawName.startsWith("--") && Object.hasOwn(options, name) ? options[name] : undefined;
  if (type === undefined) {
    const known = Object.keys(options).map((option) => `--${option}`);
    throw wrongUse(`Unknown option "${rawName}"; known are ${known.join(", ")}`);
  }
  if (type === "flag") {
    if (inline !== undefined) throw wrongUse(`Option "${rawName}" takes no value`);
    return { name, value: "" };
  }
  const value = inline ?? (rest[0]?.startsWith("-") === true ? undefined : rest.shift()) ?? "";
  if (value === "") throw wrongUse(`Option "${rawName}" needs a value`);
  return { name, value };
}
