import { CliError, usageError } from "../errors.ts";
import type { Argument, Command, Option } from "./command.ts";
import { Given, type OptionValue } from "./given.ts";
import { suggest } from "./suggest.ts";
import { optionTerm } from "./terms.ts";

/** What guestctl was asked to do. */
export type CommandLine =
  | { readonly kind: "version" }
  | HelpRequest
  | { readonly kind: "run"; readonly command: Command; readonly given: Given };

/** Help is asked for: of one command, of those whose names begin with the word `group`, or of all. */
export interface HelpRequest {
  readonly kind: "help";
  readonly command: Command | undefined;
  readonly group: string | undefined;
}

/** What can be asked for. */
export interface Known {
  readonly commands: readonly Command[];
  /** Options of every command, before its name or behind; `version` and `help` among them. */
  readonly options: readonly Option[];
}

type Values = Map<string, OptionValue>;

/**
 * Reads arguments as getopt_long(3) does: `--name value`, `--name=value`, several letters behind one
 * dash; behind `--` nothing is an option. Throws USAGE for what is not known, missing or too much.
 */
export function readCommandLine(args: readonly string[], known: Known): CommandLine {
  const rest = [...args];
  const words: string[] = [];
  const values: Values = new Map();
  let command: Command | undefined;
  // The first of two words that name a command.
  let group: string | undefined;
  let areOptionsOver = false;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const isOption = !areOptionsOver && arg.startsWith("-") && arg !== "-";
    if (isOption && arg === "--") areOptionsOver = true;
    else if (isOption) {
      const options = [...known.options, ...(command?.options ?? [])];
      for (const [option, value] of readOption(arg, rest, options)) note(values, option, value);
    } else if (command !== undefined) words.push(arg);
    else {
      const name = group === undefined ? arg : `${group} ${arg}`;
      if (known.commands.some((each) => each.name.startsWith(`${name} `))) group = name;
      else command = findCommand(name, known.commands);
    }
  }
  if (values.has("version")) return { kind: "version" };
  if (values.has("help")) return { kind: "help", command, group };
  if (group !== undefined && command === undefined) {
    throw usageError(`'${group}' is followed by ${wordsBehind(group, known.commands).join(" or ")}`);
  }
  if (command === undefined) {
    throw new CliError("USAGE", 'No command given. "guestctl --help" shows them');
  }
  refuseConflicts(command, values);
  return { kind: "run", command, given: new Given(nameWords(command, words), values) };
}

function note(values: Values, option: Option, value: string | number): void {
  const isList = "isList" in option && typeof value === "string";
  const before = values.get(option.name);
  values.set(option.name, isList ? [...(typeof before === "object" ? before : []), value] : value);
}

function wordsBehind(group: string, commands: readonly Command[]): readonly string[] {
  const names = commands.map(({ name }) => name).filter((name) => name.startsWith(`${group} `));
  return names.map((name) => `'${name.slice(group.length + 1)}'`);
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const names = commands.map((each) => each.name);
  throw usageError(`unknown command '${name}'${suggest(name, names)}`);
}

/** The options that one argument gives; takes the value off the rest where it stands there. */
function readOption(
  arg: string,
  rest: string[],
  options: readonly Option[],
): readonly (readonly [Option, string | number])[] {
  if (!arg.startsWith("--"))
    return arg
      .slice(1)
      .split("")
      .map((letter) => [flagOf(letter, options), ""]);
  const equals = arg.indexOf("=");
  const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const inline = equals < 0 ? undefined : arg.slice(equals + 1);
  const option = options.find((each) => each.name === name);
  const isFlag = option !== undefined && !("value" in option);
  if (option === undefined || (isFlag && inline !== undefined)) throw unknownOption(arg, options);
  return [[option, isFlag ? "" : readValue(option, inline ?? rest.shift())]];
}

function flagOf(letter: string, options: readonly Option[]): Option {
  const flag = options.find((option) => "short" in option && option.short === letter);
  if (flag === undefined) throw usageError(`unknown option '-${letter}'`);
  return flag;
}

function unknownOption(arg: string, options: readonly Option[]): CliError {
  const names = options.map(({ name }) => `--${name}`);
  return usageError(`unknown option '${arg}'${suggest(arg, names)}`);
}

function readValue(option: Option, text: string | undefined): string | number {
  const term = optionTerm(option);
  if (text === undefined) throw usageError(`option '${term}' argument missing`);
  if (!("parse" in option) || option.parse === undefined) return text;
  try {
    return option.parse(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw usageError(`option '${term}' argument '${text}' is invalid. ${error.message}`, { cause: error });
  }
}

function refuseConflicts({ options = [] }: Command, values: Values): void {
  for (const option of options) {
    if (!values.has(option.name) || !("conflictsWith" in option)) continue;
    const other = options.find(({ name }) => name === option.conflictsWith);
    if (other === undefined || !values.has(other.name)) continue;
    throw usageError(`option '${optionTerm(option)}' cannot be used with option '${optionTerm(other)}'`);
  }
}

function nameWords(command: Command, words: readonly string[]): ReadonlyMap<string, string> {
  const wanted: readonly Argument[] = command.arguments ?? [];
  const named = wanted.map(({ name, fallback }, index): readonly [string, string] => {
    const word = words[index] ?? fallback;
    if (word === undefined) throw usageError(`missing required argument '${name}'`);
    return [name, word];
  });
  if (words.length > wanted.length) {
    const expected = `${wanted.length} argument${wanted.length === 1 ? "" : "s"}`;
    throw usageError(
      `too many arguments for '${command.name}'. Expected ${expected} but got ${words.length}`,
    );
  }
  return new Map(named);
}
