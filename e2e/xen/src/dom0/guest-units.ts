import type { Guest } from "./guest.ts";

/** What systemd says of a unit, by the names of its properties (systemctl(1), "show"). */
export type UnitState = Readonly<Record<string, string>>;

/** The whole state of units in the guest, in the same order; all values are text. */
export async function readUnits(guest: Guest, names: readonly string[]): Promise<readonly UnitState[]> {
  const output = await guest.run(`systemctl show ${names.join(" ")}`);
  return output.split("\n\n").map((block) => {
    const lines = block.split("\n").filter((line) => line.includes("="));
    const pairs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
    return Object.fromEntries(pairs) as UnitState;
  });
}

/** The whole state of one unit. */
export async function readUnit(guest: Guest, name: string): Promise<UnitState> {
  const [unit] = await readUnits(guest, [name]);
  if (unit?.["Id"] !== name) throw new Error(`systemd did not tell of ${name}: ${JSON.stringify(unit)}`);
  return unit;
}

/** When a unit began to start, and when it was started, in seconds of the guest's monotonic clock. */
export function startOf(unit: UnitState | undefined): { readonly began: number; readonly done: number } {
  const at = (property: string): number => {
    const seconds = Number(unit?.[`${property}TimestampMonotonic`]) / 1e6;
    if (!(seconds > 0)) throw new Error(`Unit has not started: ${JSON.stringify(unit)}`);
    return seconds;
  };
  return { began: at("InactiveExit"), done: at("ActiveEnter") };
}

/** A line of the guest's journal. */
export interface JournalLine {
  /** Seconds of the guest's monotonic clock. */
  readonly at: number;
  readonly text: string;
}

/** What a unit has written to the journal since the guest booted. */
export async function readJournal(guest: Guest, unit: string): Promise<readonly JournalLine[]> {
  const options = "--boot --output json --output-fields MESSAGE";
  const output = await guest.run(`journalctl ${options} --unit ${unit}`);
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { __MONOTONIC_TIMESTAMP: string; MESSAGE: string })
    .map((entry) => ({ at: Number(entry.__MONOTONIC_TIMESTAMP) / 1e6, text: entry.MESSAGE }));
}
