import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../../errors.ts";
import { APPLY_TIMEOUT_MS, INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { RunStep, Step } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { parseIni, valueOf } from "../../ini-file.ts";
import { interfaceNumberFile, stateOf } from "../../network/interface-number.ts";
import { markPending, pendingPath } from "../../network/pending.ts";
import { planResolvConf, RESOLV_CONF_PATH, resolverEvidence } from "../resolv-conf.ts";
import { renderUnit } from "./render.ts";
import {
  type Match,
  matchUnit,
  type NetworkUnit,
  OWN_DIRECTORY,
  readUnits,
  unitDirectories,
} from "./units.ts";

const NAME = "networkd";
const programs = ["/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd"];

/** That it runs: written at its start; and that it will at the next one. */
const signs = [
  "/run/systemd/netif/state",
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service",
];

/** One file a link, by its number: assignments that say what networkd has made of it. */
const LINK_STATES = "/run/systemd/netif/links/";

/** Names the actions that networkd knows; networkctl(1) has `reload` where it is one of them. */
const ACTIONS_PATH = "/usr/share/polkit-1/actions/org.freedesktop.network1.policy";

/** What networkctl(1) asks networkd through. */
const BUS_PATH = "/run/dbus/system_bus_socket";

/** How the agent's files begin: the first for which none of a user's comes before it and takes the VIF. */
const prefixes = ["10-nova-agent-", "00-nova-agent-", "+nova-agent-"];

const restart = ["systemctl", "restart", "systemd-networkd.service"] as const;
const reload = ["networkctl", "reload"] as const;

/** systemd-networkd with files of its own (systemd.network(5)), not those that netplan makes. */
export const networkd: NetworkBackend = {
  name: NAME,
  evidence: [...programs, ...signs, BUS_PATH, ...resolverEvidence],
  filesToRead: (vifs) => [
    ...unitDirectories,
    ...vifs.map(({ name }) => interfaceNumberFile(name)),
    LINK_STATES,
    ACTIONS_PATH,
    RESOLV_CONF_PATH,
    pendingPath(NAME),
  ],
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  const isThere = (path: string) => facts.evidence.has(path);
  if (!programs.some(isThere) || !signs.some(isThere)) return "no";
  const units = readUnits(facts.files);
  const taking = facts.vifs.flatMap(
    (vif) => units.find((unit) => matchOf(unit, { vif, facts }) === "yes") ?? [],
  );
  if (taking.some(({ path }) => !path.startsWith("/run/systemd/network/10-netplan-"))) return "yes";
  return taking.length > 0 ? "no" : "could";
}

interface Question {
  readonly vif: Vif;
  readonly facts: NetworkFacts;
}

/** What networkd says itself counts more than what the agent makes of the conditions. */
function matchOf(unit: NetworkUnit, { vif, facts }: Question): Match {
  return stateValue("NETWORK_FILE", { vif, facts }) === unit.path ? "yes" : matchUnit(unit, vif);
}

/** Whether networkd does nothing more for a link, since the kernel has refused one of its settings. */
function isGivenUp({ name }: WantedInterface, facts: NetworkFacts): boolean {
  return stateValue("ADMIN_STATE", { vif: { name }, facts }) === "failed";
}

function stateValue(
  key: string,
  { vif, facts }: { readonly vif: Pick<Vif, "name">; readonly facts: NetworkFacts },
): string | undefined {
  const state = stateOf(vif.name, { directory: LINK_STATES, files: facts.files });
  return state === undefined ? undefined : valueOf(parseIni(state), { section: "", key });
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const isPending = facts.files.has(pendingPath(NAME));
  const changes = wanted.interfaces.flatMap((each) => {
    const steps = planUnit(each, { all: wanted.interfaces, facts });
    const change = { name: each.name, steps, isGivenUp: isGivenUp(each, facts) };
    return isPending || steps.length > 0 || !isSoInKernel(each, facts) ? [change] : [];
  });
  const resolver = planResolvConf(wanted, facts);
  if (changes.length === 0) return resolver;
  return [
    ...markPending(NAME, hasReload(facts) ? reloadChanged(changes, isPending) : restartAll(changes)),
    ...resolver,
  ];
}

/** Since version 244, and only where networkctl(1) has a bus to ask through. */
function hasReload({ evidence, files }: NetworkFacts): boolean {
  return evidence.has(BUS_PATH) && (files.get(ACTIONS_PATH) ?? "").includes("network1.reload");
}

interface Change {
  readonly name: string;
  /** None when the unit is right and the kernel is not. */
  readonly steps: readonly Step[];
  readonly isGivenUp: boolean;
}

/**
 * Reading again brings up the links whose units have changed, and twice would interrupt them twice; but
 * those that networkd has given up it passes over, and it may have given up one by the time that it
 * is taken back.
 */
function reloadChanged(changes: readonly Change[], isPending: boolean): Step[] {
  const files = changes.flatMap(({ steps }) => steps);
  const others = changes.filter(({ steps, isGivenUp }) => steps.length === 0 || isGivenUp);
  const startAgain = changes.map(({ name }) => reconfigure(name));
  return [
    ...startAgain.map(({ argv, timeoutMs }) => ({ step: "whenTakenBack", argv, timeoutMs }) as const),
    { step: "whenTakenBack", argv: reload, timeoutMs: APPLY_TIMEOUT_MS },
    ...files,
    ...(files.length > 0 || isPending ? [readAgain(reload)] : []),
    ...others.map(({ name }) => reconfigure(name)),
  ];
}

/**
 * At its start networkd leaves the addresses alone that it finds, also those of a unit that is gone, and
 * those that a start has set which is taken back.
 */
function restartAll(changes: readonly Change[]): Step[] {
  return [
    { step: "whenTakenBack", argv: restart, timeoutMs: APPLY_TIMEOUT_MS },
    ...changes.flatMap(({ steps }) => steps),
    ...changes.map(({ name }) => flush(name)),
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

/** The steps to the interface's own unit, and to no other one of the agent's. */
function planUnit(
  wanted: WantedInterface,
  { all, facts }: { readonly all: readonly WantedInterface[]; readonly facts: NetworkFacts },
): Step[] {
  const names = prefixes.map((prefix) => `${prefix}${wanted.name}.network`);
  const matches = readUnits(facts.files)
    .filter(({ path, name }) => !(path.startsWith(OWN_DIRECTORY) && names.includes(name)))
    .map((unit) => ({ unit, match: matchOf(unit, { vif: { ...wanted, index: 0 }, facts }) }));
  const first = matches.find(({ match }) => match !== "no")?.unit;
  const own = names.find((name) => first === undefined || name < first.name);
  if (own === undefined) throw cannotPrecede(wanted, first);
  const replaced = matches.find(({ match }) => match === "yes")?.unit.sections ?? [];
  const text = renderUnit(wanted, { replaced, all });
  const stale = names.filter((name) => name !== own && facts.files.has(OWN_DIRECTORY + name));
  const path = OWN_DIRECTORY + own;
  return [
    ...(facts.files.get(path) === text
      ? []
      : [{ step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: true } as const]),
    ...stale.map((name) => ({ step: "removeFile", path: OWN_DIRECTORY + name, backup: true }) as const),
  ];
}

function cannotPrecede({ name }: WantedInterface, first: NetworkUnit | undefined): AgentError {
  return new AgentError(
    "AGENT_UNSUPPORTED",
    `networkd takes "${first?.path ?? ""}" for ${name} before any file of the agent's; rename it to begin with a digit`,
  );
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
