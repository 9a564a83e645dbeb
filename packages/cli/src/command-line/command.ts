import type { Cli } from "../cli.ts";
import type { Given } from "./given.ts";

/** What stands behind a command's name, in this order. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  /** What it is when it is left out, empty for nothing; without this it has to be given. */
  readonly fallback?: string;
}

/** An option that is there or not. */
interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly description: string;
}

/** An option with a value behind. */
interface ValueOption {
  readonly name: string;
  /** What the value is, in one word. */
  readonly value: string;
  /** Makes a number of it; throws USAGE saying what it has to be. Without this it is a text. */
  readonly parse?: (text: string) => number;
  readonly description: string;
  /** Whether it may be given several times, each with another text. */
  readonly isList?: true;
  /** Option that says something else. */
  readonly conflictsWith?: string;
}

export type Option = Flag | ValueOption;

/** One command of guestctl. */
export interface Command {
  /** One word, or two of which several commands share the first. */
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  /** For its own help. */
  readonly description: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  run(given: Given, cli: Cli): Promise<void>;
}
