/**
 * ifup and ifdown of a demo guest on a machine without ifupdown: as much of them as the files that the
 * agent's back end writes. `ifup NAME…`, `ifdown NAME…`; of their options, only `--force` of ifup makes a
 * difference.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type InterfaceCommand, planDown, planUp } from "./commands.ts";
import { type Stanza, parseStanzas } from "./stanzas.ts";

const INTERFACES_PATH = "/etc/network/interfaces";
const STATE_PATH = "/run/network/ifstate";

function main(): number {
  const isUp = basename(process.argv[1] ?? "") === "ifup";
  const names = process.argv.slice(2).filter((word) => !word.startsWith("-"));
  const stanzas = parseStanzas(readFileSync(INTERFACES_PATH, "utf8"));
  const isForced = process.argv.includes("--force");
  const results = names.map((name) => (isUp ? bringUp(name, stanzas, isForced) : takeDown(name, stanzas)));
  return results.includes(false) || names.length === 0 ? 1 : 0;
}

function bringUp(name: string, stanzas: readonly Stanza[], isForced: boolean): boolean {
  const own = stanzas.filter((stanza) => stanza.name === name);
  if (own.length === 0) return complain(`ifup: unknown interface ${name}`);
  const others = readState().filter((other) => other !== name);
  if (others.length < readState().length && !isForced) {
    return warn(`ifup: interface ${name} already configured`);
  }
  if (!own.flatMap(planUp).every(runCommand)) return complain(`ifup: failed to bring up ${name}`);
  writeState([...others, name]);
  return true;
}

function takeDown(name: string, stanzas: readonly Stanza[]): boolean {
  const own = stanzas.filter((stanza) => stanza.name === name);
  if (own.length === 0) return complain(`ifdown: unknown interface ${name}`);
  own.toReversed().flatMap(planDown).every(runCommand);
  writeState(readState().filter((other) => other !== name));
  return true;
}

function runCommand({ argv, mayFail }: InterfaceCommand): boolean {
  const [file, ...args] = argv;
  const stdio = ["ignore", "inherit", mayFail ? "ignore" : "inherit"] as const;
  return spawnSync(file, args, { stdio: [...stdio] }).status === 0 || mayFail;
}

function readState(): string[] {
  try {
    const lines = readFileSync(STATE_PATH, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => line.replace(/=.*$/, ""));
  } catch {
    return [];
  }
}

function writeState(names: readonly string[]): void {
  mkdirSync(dirname(STATE_PATH), { recursive: true });
  writeFileSync(STATE_PATH, names.map((name) => `${name}=${name}\n`).join(""));
}

function warn(message: string): true {
  console.error(message);
  return true;
}

function complain(message: string): false {
  console.error(message);
  return false;
}

process.exitCode = main();
