import { parseIni, valueOf } from "../ini-file.ts";
import type { NetworkFacts } from "../os/backend.ts";
import type { RunStep, Step, WhenTakenBackStep } from "../plan.ts";
import { interfaceNumberFile, stateOf } from "./interface-number.ts";
import { APPLY_TIMEOUT_MS, INTERFACE_TIMEOUT_MS } from "./limits.ts";
import type { Vif } from "./wanted-network.ts";

/** Written by systemd-networkd at its start: that it runs. */
export const NETWORKD_STATE_PATH = "/run/systemd/netif/state";

/** One file a link, by its number: assignments that say what networkd has made of it. */
const LINK_STATES = "/run/systemd/netif/links/";

/** Names the actions that networkd knows; networkctl(1) has `reload` where it is one of them. */
const ACTIONS_PATH = "/usr/share/polkit-1/actions/org.freedesktop.network1.policy";

/** What networkctl(1) asks networkd through. */
const BUS_PATH = "/run/dbus/system_bus_socket";

const restart = ["systemctl", "restart", "systemd-networkd.service"] as const;
const reload = ["networkctl", "reload"] as const;

/** Paths whose presence `applyUnits` depends on. */
export const networkdEvidence: readonly string[] = [NETWORKD_STATE_PATH, BUS_PATH];

/** Files that `applyUnits` and `linkStateValue` read. */
export function networkdFiles(vifs: readonly Vif[]): string[] {
  return [...vifs.map(({ name }) => interfaceNumberFile(name)), LINK_STATES, ACTIONS_PATH];
}

/** What networkd itself says of a link. */
export function linkStateValue(
  key: string,
  { name, facts }: { readonly name: string; readonly facts: NetworkFacts },
): string | undefined {
  const state = stateOf(name, { directory: LINK_STATES, files: facts.files });
  return state === undefined ? undefined : valueOf(parseIni(state), { section: "", key });
}

/** A link that networkd is to have otherwise. */
export interface LinkChange {
  readonly name: string;
  /** Whether its unit is another one then; no when the unit is right and the kernel is not. */
  readonly hasNewUnit: boolean;
}

/** Units that change, and who makes them. */
export interface UnitChanges {
  readonly links: readonly LinkChange[];
  /** The steps that make the units; none when all of them are right. */
  readonly make: readonly Step[];
  /** What makes the old ones again once the steps of `make` are taken back. */
  readonly makeAgain?: readonly WhenTakenBackStep[];
  /** Whether networkd may not have read what is in the files. */
  readonly isPending: boolean;
}

/** The steps that make units and bring them about, with as few links interrupted as this networkd allows. */
export function applyUnits(changes: UnitChanges, facts: NetworkFacts): Step[] {
  return hasReload(facts) ? reloadChanged(changes, facts) : restartAll(changes);
}

/** Since version 244, and only where networkctl(1) has a bus to ask through. */
function hasReload({ evidence, files }: NetworkFacts): boolean {
  return evidence.has(BUS_PATH) && (files.get(ACTIONS_PATH) ?? "").includes("network1.reload");
}

/**
 * Reading again brings up the links whose units have changed, and twice would interrupt them twice; but
 * those that networkd has given up it passes over, and it may have given up one by the time that it
 * is taken back.
 */
function reloadChanged({ links, make, makeAgain = [], isPending }: UnitChanges, facts: NetworkFacts): Step[] {
  const others = links.filter(({ name, hasNewUnit }) => !hasNewUnit || isGivenUp(name, facts));
  const startAgain = links.map(({ name }) => reconfigure(name));
  return [
    ...startAgain.map(({ argv, timeoutMs }) => ({ step: "whenTakenBack", argv, timeoutMs }) as const),
    { step: "whenTakenBack", argv: reload, timeoutMs: APPLY_TIMEOUT_MS },
    ...makeAgain,
    ...make,
    ...(make.length > 0 || isPending ? [readAgain(reload)] : []),
    ...others.map(({ name }) => reconfigure(name)),
  ];
}

/** Whether networkd does nothing more for a link, since the kernel has refused one of its settings. */
function isGivenUp(name: string, facts: NetworkFacts): boolean {
  return linkStateValue("ADMIN_STATE", { name, facts }) === "failed";
}

/**
 * At its start networkd leaves the addresses alone that it finds, also those of a unit that is gone, and
 * those that a start has set which is taken back.
 */
function restartAll({ links, make, makeAgain = [] }: UnitChanges): Step[] {
  return [
    { step: "whenTakenBack", argv: restart, timeoutMs: APPLY_TIMEOUT_MS },
    ...makeAgain,
    ...make,
    ...links.map(({ name }) => flush(name)),
    readAgain(restart),
  ];
}

function flush(name: string): RunStep {
  const argv = ["ip", "address", "flush", "dev", name, "scope", "global"] as const;
  return {
    step: "run",
    argv,
    undo: argv,
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error flushing network: ${name}`,
  };
}

function readAgain(argv: RunStep["argv"]): RunStep {
  return { step: "run", argv, timeoutMs: APPLY_TIMEOUT_MS, failure: "Error restarting network" };
}

function reconfigure(name: string): RunStep {
  return {
    step: "run",
    argv: ["networkctl", "reconfigure", name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error starting network: ${name}`,
  };
}
