import type { Vif } from "../../network/wanted-network.ts";
import { globPattern } from "../../glob.ts";
import { type IniSection, parseIni } from "../../ini-file.ts";

/** Where an administrator's files are, and the agent's. */
export const OWN_DIRECTORY = "/etc/systemd/network/";

/** Where networkd looks, the directory that hides the others' files of the same name first (systemd.network(5)). */
export const unitDirectories: readonly string[] = [
  OWN_DIRECTORY,
  "/run/systemd/network/",
  "/usr/local/lib/systemd/network/",
  "/usr/lib/systemd/network/",
  "/lib/systemd/network/",
];

/** A `.network` file that networkd reads. */
export interface NetworkUnit {
  readonly path: string;
  /** Without the directory; networkd takes the first that matches, by the order of its bytes. */
  readonly name: string;
  readonly sections: readonly IniSection[];
}

/** Whether a unit takes an interface; `maybe` when it asks for what the agent does not know. */
export type Match = "yes" | "maybe" | "no";

/** The units in the order in which networkd asks them. An empty file hides those of its name. */
export function readUnits(files: ReadonlyMap<string, string>): NetworkUnit[] {
  const seen = new Map<string, NetworkUnit>();
  for (const directory of unitDirectories) {
    for (const [path, text] of files) {
      const name = path.slice(directory.length);
      const isUnit = path.startsWith(directory) && !name.includes("/") && name.endsWith(".network");
      if (isUnit && !seen.has(name)) seen.set(name, { path, name, sections: parseIni(text) });
    }
  }
  const units = [...seen.values()].filter(({ sections }) => sections.some(({ name }) => name !== ""));
  return units.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether all conditions of the section `[Match]` hold for a VIF; without any, all interfaces match. */
export function matchUnit({ sections }: NetworkUnit, vif: Vif): Match {
  const conditions = new Map<string, string[]>();
  for (const { key, value } of sections
    .filter(({ name }) => name === "Match")
    .flatMap((each) => each.entries)) {
    // An empty assignment takes back those before it.
    if (key !== "") conditions.set(key, value === "" ? [] : [...(conditions.get(key) ?? []), value]);
  }
  const results = new Set(
    [...conditions]
      .filter(([, values]) => values.length > 0)
      .map(([key, values]) => matchCondition(key, { values: words(values), vif })),
  );
  if (results.has("no")) return "no";
  return results.has("maybe") ? "maybe" : "yes";
}

interface Condition {
  readonly values: readonly string[];
  readonly vif: Vif;
}

function matchCondition(key: string, { values, vif }: Condition): Match {
  switch (key) {
    case "Name":
      return isAmong(values, vif.name);
    case "Type":
      return isAmong(values, "ether");
    case "MACAddress":
    case "PermanentMACAddress": {
      const digits = vif.mac.replaceAll(":", "");
      return values.some((each) => each.toLowerCase().replaceAll(/[:.-]/g, "") === digits) ? "yes" : "no";
    }
    default:
      return "maybe";
  }
}

/** Whether a list of shell patterns, which an exclamation mark before the first inverts, holds for a text. */
function isAmong(patterns: readonly string[], text: string): Match {
  const isInverted = patterns[0]?.startsWith("!") ?? false;
  const isOne = patterns.some((pattern) => globPattern(pattern.replace(/^!/, "")).test(text));
  return isOne === isInverted ? "no" : "yes";
}

function words(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(/\s+/))
    .flatMap((word) => {
      const text = word.replaceAll(/^["']|["']$/g, "");
      return text === "" ? [] : [text];
    });
}
