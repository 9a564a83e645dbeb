import { type OptionTypes, readArguments, wrongUse } from "../command-line/arguments.ts";
import { MEMORY_INTERVAL_MS } from "./limits.ts";

/** The daemon of xe-guest-utilities knows its options by these letters; others' start scripts use them. */
const letters: ReadonlyMap<string, string> = new Map([
  ["-B", "--no-balloon"],
  ["-d", "--debug"],
  ["-i", "--interval"],
  ["-p", "--pid-file"],
]);

/** That daemon looks at memory in every second of its intervals. */
const INTERVALS_PER_LOOK = 2;

const INTERVAL_MAX_S = 3600;

/** Options of xe-daemon beside those of every command. */
export const xeDaemonOptions: OptionTypes = {
  "no-balloon": "flag",
  debug: "flag",
  interval: "value",
  "pid-file": "value",
};

/** What xe-daemon was told. */
export interface XeDaemonArguments {
  readonly offersBalloon: boolean;
  readonly isDebug: boolean;
  readonly intervalMs: number;
  readonly pidFile: string | undefined;
}

/** Reads them, with those of every command. Throws AGENT_BAD_SETTING. */
export function readXeDaemonArguments(
  args: readonly string[],
  common: OptionTypes,
): { readonly values: ReadonlyMap<string, string>; readonly told: XeDaemonArguments } {
  const words = args.map((arg) => letters.get(arg) ?? arg);
  const { values } = readArguments(words, { options: { ...common, ...xeDaemonOptions } });
  const told = {
    offersBalloon: !values.has("no-balloon"),
    isDebug: values.has("debug"),
    intervalMs: parseInterval(values.get("interval")),
    pidFile: values.get("pid-file"),
  };
  return { values, told };
}

function parseInterval(text: string | undefined): number {
  if (text === undefined) return MEMORY_INTERVAL_MS;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= INTERVAL_MAX_S) return seconds * INTERVALS_PER_LOOK * 1000;
  throw wrongUse(`Option "--interval" takes 1 to ${INTERVAL_MAX_S} seconds, not "${text}"`);
}
