import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../../errors.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { Step } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import {
  applyUnits,
  linkStateValue,
  NETWORKD_STATE_PATH,
  networkdEvidence,
  networkdFiles,
} from "../../network/networkd-apply.ts";
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
const signs = [NETWORKD_STATE_PATH, "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"];

/** How the agent's files begin: the first for which none of a user's comes before it and takes the VIF. */
const prefixes = ["10-nova-agent-", "00-nova-agent-", "+nova-agent-"];

/** systemd-networkd with files of its own (systemd.network(5)), not those that netplan makes. */
export const networkd: NetworkBackend = {
  name: NAME,
  evidence: [...programs, ...signs, ...networkdEvidence, ...resolverEvidence],
  filesToRead: (vifs) => [...unitDirectories, ...networkdFiles(vifs), RESOLV_CONF_PATH, pendingPath(NAME)],
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
  return linkStateValue("NETWORK_FILE", { name: vif.name, facts }) === unit.path
    ? "yes"
    : matchUnit(unit, vif);
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const isPending = facts.files.has(pendingPath(NAME));
  const changes = wanted.interfaces.flatMap((each) => {
    const steps = planUnit(each, { all: wanted.interfaces, facts });
    const change = { name: each.name, steps, hasNewUnit: steps.length > 0 };
    return isPending || steps.length > 0 || !isSoInKernel(each, facts) ? [change] : [];
  });
  const resolver = planResolvConf(wanted, facts);
  if (changes.length === 0) return resolver;
  const make = changes.flatMap(({ steps }) => steps);
  return [...markPending(NAME, applyUnits({ links: changes, make, isPending }, facts)), ...resolver];
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
