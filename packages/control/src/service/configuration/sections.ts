import { ControlError } from "../../errors.ts";

/** A part of a configuration file: what stands above the first heading, or below one. */
export interface Section {
  /** `image` of `[image debian]`; empty above the first heading. */
  readonly kind: string;
  /** `debian` of `[image debian]`. */
  readonly name: string;
  /** File and line, such as `nova-control.conf:7`. */
  readonly place: string;
  readonly settings: ReadonlyMap<string, Setting>;
}

interface Setting {
  readonly value: string;
  readonly place: string;
}

/** What a setting takes. */
export interface ValueKind<Value> {
  /** In words, behind "takes". */
  readonly takes: string;
  /** Undefined for what it does not take. */
  readonly parse: (text: string) => Value | undefined;
}

const HEADING = /^\[(?<kind>[a-z]+) +(?<name>[^\]]+)\]$/;

/**
 * The sections of a file: `key = value` a line, `[kind name]` as headings, empty lines, and comments after a
 * `#` that begins a line. The first one is there always. Throws BAD_CONFIGURATION, with the line.
 */
export function parseSections(text: string, file: string): readonly Section[] {
  let settings = new Map<string, Setting>();
  const sections: Section[] = [{ kind: "", name: "", place: `${file}:1`, settings }];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const place = `${file}:${index + 1}`;
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      settings = new Map();
      sections.push({ ...parseHeading(line, { place, sections }), place, settings });
      continue;
    }
    const [key, value] = parseSetting(line, place);
    if (settings.has(key)) throw wrong(place, `"${key}" is set a second time`);
    settings.set(key, { value, place });
  }
  return sections;
}

/** The value of a setting; undefined where it is not set. Throws BAD_CONFIGURATION for what it does not take. */
export function take<Value>({ settings }: Section, key: string, kind: ValueKind<Value>): Value | undefined {
  const setting = settings.get(key);
  if (setting === undefined) return undefined;
  const value = kind.parse(setting.value);
  if (value !== undefined) return value;
  throw wrong(setting.place, `"${key}" takes ${kind.takes}, not "${setting.value}"`);
}

/** The same for what must be set. */
export function takeRequired<Value>(section: Section, key: string, kind: ValueKind<Value>): Value {
  const value = take(section, key, kind);
  if (value !== undefined) return value;
  throw wrong(
    section.place,
    `"${key}" is missing in [${section.kind} ${section.name}]: it takes ${kind.takes}`,
  );
}

/** Throws BAD_CONFIGURATION for a setting that is none of these. */
export function refuseOthers({ settings }: Section, known: readonly string[]): void {
  for (const [key, { place }] of settings) {
    if (!known.includes(key))
      throw wrong(place, `Unknown setting "${key}"; known here are ${known.join(", ")}`);
  }
}

/** An error about a line. */
export function wrong(place: string, message: string): ControlError {
  return new ControlError("BAD_CONFIGURATION", `${place}: ${message}`, {
    wayOut: "Correct the line; nova-control.conf, as packaged, explains every setting",
  });
}

/** Where a setting stands, or else its section. */
export function placeOf({ settings, place }: Section, key: string): string {
  return settings.get(key)?.place ?? place;
}

function parseHeading(
  line: string,
  { place, sections }: { readonly place: string; readonly sections: readonly Section[] },
): Pick<Section, "kind" | "name"> {
  const { kind = "", name = "" } = HEADING.exec(line)?.groups ?? {};
  if (kind === "") throw wrong(place, `"${line}" is no heading of the form [kind name]`);
  if (sections.some((other) => other.kind === kind && other.name === name))
    throw wrong(place, `[${kind} ${name}] is there a second time`);
  return { kind, name };
}

function parseSetting(line: string, place: string): readonly [key: string, value: string] {
  const at = line.indexOf("=");
  // What it says may be a secret at the wrong place.
  if (at < 0) throw wrong(place, "The line is not of the form key = value");
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
