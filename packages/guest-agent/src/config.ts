import { AgentError } from "./errors.ts";
import { POLL_INTERVAL_MS, REPLY_KEPT_MS } from "./limits.ts";
import type { LogLevel } from "./log.ts";
import { isRegistrationText } from "./registration/registration-text.ts";

/** What an operator may set, in `/etc/nova-agent.conf`. */
export interface Config {
  /** Lines of the log below it are left out. */
  readonly logLevel: LogLevel;
  /** Path of XenStore's device or socket; undefined to look in the usual places. */
  readonly xenstorePath: string | undefined;
  /** Time between two looks for requests whose watch event was lost. */
  readonly pollIntervalMs: number;
  /** Time that an answer stays when the host does not remove it. */
  readonly replyKeptMs: number;
  /** Whether host name and network are brought about when the agent starts, without being asked. */
  readonly isAppliedAtStart: boolean;
  /** Whose password `password` sets: the protocol names nobody. */
  readonly passwordUser: string;
  /** Organization at which `kmsactivate` registers when the host names none. */
  readonly redhatOrg: string | undefined;
}

/** The part of the configuration that commands decide by. */
export type CommandConfig = Pick<Config, "passwordUser" | "redhatOrg">;

/** What holds where nothing is set. */
export const DEFAULT_CONFIG: Config = {
  logLevel: "info",
  xenstorePath: undefined,
  pollIntervalMs: POLL_INTERVAL_MS,
  replyKeptMs: REPLY_KEPT_MS,
  isAppliedAtStart: true,
  passwordUser: "root",
  redhatOrg: undefined,
};

/** Turns the text of a setting into its part of the configuration; undefined when it is none. */
type ParseSetting = (value: string) => Partial<Config> | undefined;

interface Setting {
  readonly parse: ParseSetting;
  /** The values it takes, in words. */
  readonly takes: string;
}

const settings: ReadonlyMap<string, Setting> = new Map([
  ["log_level", { parse: parseLogLevel, takes: "debug, info, warn or error" }],
  ["xenstore", { parse: parseXenstore, takes: "auto or an absolute path" }],
  ["poll_seconds", secondsSetting("pollIntervalMs", { min: 1, max: 3600 })],
  ["reply_seconds", secondsSetting("replyKeptMs", { min: 60, max: 86_400 })],
  ["apply_at_start", { parse: parseApplyAtStart, takes: "yes or no" }],
  [
    "password_user",
    { parse: parsePasswordUser, takes: "the name of a user, in at most 32 of A-Z a-z 0-9 _ . -" },
  ],
  ["redhat_org", { parse: parseRedhatOrg, takes: "none, or an organization's name in printable characters" }],
]);

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = [...settings.keys()];

/**
 * Reads a configuration: `key = value` a line, empty lines, and comments after a `#` that begins a
 * line. Throws AGENT_BAD_SETTING that names the line; `name` is how the file is called there.
 */
export function parseConfig(text: string, name: string): Config {
  const seen = new Set<string>();
  let config = DEFAULT_CONFIG;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const place = `${name}:${index + 1}`;
    const { key, value } = parseLine(line, place);
    if (seen.has(key)) throw new AgentError("AGENT_BAD_SETTING", `${place}: "${key}" is set a second time`);
    seen.add(key);
    config = { ...config, ...parseSetting(key, value, place) };
  }
  return config;
}

function parseLine(line: string, place: string): { readonly key: string; readonly value: string } {
  const at = line.indexOf("=");
  if (at < 0) throw new AgentError("AGENT_BAD_SETTING", `${place}: "${line}" is not of the form key = value`);
  return { key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
}

function parseSetting(key: string, value: string, place: string): Partial<Config> {
  const setting = settings.get(key);
  if (setting === undefined) {
    const known = SETTING_NAMES.join(", ");
    throw new AgentError("AGENT_BAD_SETTING", `${place}: Unknown setting "${key}"; known are ${known}`);
  }
  const part = setting.parse(value);
  if (part !== undefined) return part;
  throw new AgentError("AGENT_BAD_SETTING", `${place}: "${key}" takes ${setting.takes}, not "${value}"`);
}

function parseLogLevel(value: string): Partial<Config> | undefined {
  switch (value) {
    case "debug":
    case "info":
    case "warn":
    case "error":
      return { logLevel: value };
    default:
      return undefined;
  }
}

function parseXenstore(value: string): Partial<Config> | undefined {
  if (value === "auto") return { xenstorePath: undefined };
  return value.startsWith("/") ? { xenstorePath: value } : undefined;
}

// What useradd(8) can be made to take; a colon or a line break would end the name for chpasswd(8).
function parsePasswordUser(value: string): Partial<Config> | undefined {
  return /^[A-Za-z_][\w.-]{0,31}$/.test(value) ? { passwordUser: value } : undefined;
}

function parseRedhatOrg(value: string): Partial<Config> | undefined {
  if (value === "none") return { redhatOrg: undefined };
  return isRegistrationText(value) ? { redhatOrg: value } : undefined;
}

function parseApplyAtStart(value: string): Partial<Config> | undefined {
  return value === "yes" || value === "no" ? { isAppliedAtStart: value === "yes" } : undefined;
}

function secondsSetting(
  field: "pollIntervalMs" | "replyKeptMs",
  { min, max }: { readonly min: number; readonly max: number },
): Setting {
  const parse = (value: string) => {
    const seconds = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    return seconds >= min && seconds <= max ? { [field]: seconds * 1000 } : undefined;
  };
  return { parse, takes: `${min} to ${max} seconds` };
}
