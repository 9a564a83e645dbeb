import { encodeUtf8 } from "@nova-agent/xenstore";
import { prefixText } from "../network/address.ts";
import { ipRouteLines } from "../network/ip-route.ts";
import { INTERFACE_TIMEOUT_MS } from "../network/limits.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../network/wanted-network.ts";
import type { RunStep, WriteFileStep } from "../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "./backend.ts";
import {
  HOST_COMMENT,
  hostNames,
  LABEL_COMMENT,
  readAssignments,
  replaceAssignments,
} from "../network/shell-file.ts";

const programs = ["/usr/bin/netctl", "/bin/netctl"];
const PROFILES = "/etc/netctl/";

/** Links to `netctl@.service` of the profiles that a start of the guest brings up (netctl(1), "enable"). */
const ENABLED = "/etc/systemd/system/multi-user.target.wants/";

/** netctl, as Arch Linux has it (netctl.profile(5), netctl(1)). */
export const netctl: NetworkBackend = {
  name: "netctl",
  evidence: programs,
  filesToRead: () => [PROFILES, `${ENABLED}netctl@*.service`],
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  if (!programs.some((path) => facts.evidence.has(path))) return "no";
  return facts.vifs.some((vif) => profilesOf(vif, facts).length > 0) ? "yes" : "could";
}

/** The names of an interface's profiles, those first that a start of the guest brings up. */
function profilesOf({ name }: Pick<Vif, "name">, facts: NetworkFacts): string[] {
  const names = [...facts.files].flatMap(([path, text]) => {
    const profile = path.slice(PROFILES.length);
    if (!path.startsWith(PROFILES) || !isProfileName(profile)) return [];
    const values = readAssignments(text);
    const isOwn = values.get("Interface")?.[0] === name && values.get("Connection")?.[0] === "ethernet";
    return isOwn ? [profile] : [];
  });
  const rank = (profile: string) => (isEnabled(profile, facts) ? 0 : 1);
  return names.sort().toSorted((a, b) => rank(a) - rank(b));
}

/** netctl passes over names that end so (netctl.profile(5)); backups are none of its own. */
function isProfileName(name: string): boolean {
  return !/^\.|~$|\.(action|conf|service|bak)$/.test(name);
}

function isEnabled(profile: string, { files }: NetworkFacts): boolean {
  return files.has(`${ENABLED}netctl@${escapeUnit(profile)}.service`);
}

/** A name as units have it (systemd.unit(5), "STRING ESCAPING FOR INCLUSION IN UNIT NAMES"). */
function escapeUnit(name: string): string {
  const characters = Array.from(encodeUtf8(name), (byte) => String.fromCharCode(byte));
  return characters
    .map((each, index) =>
      /[A-Za-z0-9:_]/.test(each) || (each === "." && index > 0) ? each : hexEscape(each),
    )
    .join("");
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** An interface with the profile that is to bring it up. */
interface Profile {
  readonly wanted: WantedInterface;
  readonly name: string;
  readonly isNew: boolean;
  readonly isEnabled: boolean;
  readonly old: string;
  readonly text: string;
}

function plan(network: WantedNetwork, facts: NetworkFacts): readonly (RunStep | WriteFileStep)[] {
  const profiles = network.interfaces
    .map((wanted) => chooseProfile(wanted, facts))
    .filter(({ wanted, old, text }) => text !== old || !isSoInKernel(wanted, facts));
  return [
    // By the old profile: what stops a DHCP client stands there.
    ...profiles.flatMap(stop),
    ...profiles.flatMap(write),
    ...profiles.flatMap(enable),
    ...profiles.flatMap(clear),
    ...profiles.map(start),
  ];
}

function chooseProfile(wanted: WantedInterface, facts: NetworkFacts): Profile {
  const [found] = profilesOf(wanted, facts);
  const name = found ?? `nova-agent-${wanted.name}`;
  const old = facts.files.get(PROFILES + name) ?? "";
  return {
    wanted,
    name,
    isNew: found === undefined,
    isEnabled: isEnabled(name, facts),
    old,
    text: renderProfile(wanted, old),
  };
}

/** The profile with what the host wants; what it says nothing of stays as it was. */
function renderProfile(wanted: WantedInterface, old: string): string {
  const before = readAssignments(old);
  const own = new Map<string, readonly string[]>([
    ["Interface", [wanted.name]],
    ["Connection", ["ethernet"]],
    ...family4(wanted),
    ...family6(wanted, before.get("IP6")?.[0]),
    ...custom(wanted, { before: before.get("IPCustom") ?? [], isMtuHosts: hostNames(old).has("IPCustom") }),
    ...(wanted.dns.length === 0
      ? []
      : [
          option(
            "DNS",
            wanted.dns.map(({ text }) => text),
          ),
        ]),
  ]);
  const hosts = hostNames(old);
  const drops = (name: string) => own.has(name) || hostsOptions.has(name) || hosts.has(name);
  if (isSame(before, own, drops)) return old;
  const label = wanted.label === "" ? [] : [LABEL_COMMENT + wanted.label];
  const isMarked = (name: string) => name === "DNS" || (name === "IPCustom" && wanted.mtuBytes !== undefined);
  const lines = [...own].flatMap(([name, values]) => [
    ...(isMarked(name) ? [HOST_COMMENT] : []),
    `${name}=${spell(name, values)}`,
  ]);
  return replaceAssignments(old, { drops, lines: [...label, ...lines] });
}

/** Options that are the host's even where it leaves them out: what stood there was of another network. */
const hostsOptions: ReadonlySet<string> = new Set([
  "IP",
  "Address",
  "Gateway",
  "Routes",
  "IP6",
  "Address6",
  "Gateway6",
  "Routes6",
  "IPCustom",
]);

const arrays: ReadonlySet<string> = new Set(["Address", "Routes", "Address6", "Routes6", "IPCustom", "DNS"]);

type Option = readonly [string, readonly string[]];

function family4(wanted: WantedInterface): Option[] {
  const addresses = wanted.addresses.filter(({ address }) => address.family === 4).map(prefixText);
  if (addresses.length === 0) return [["IP", ["no"]]];
  return [["IP", ["static"]], ["Address", addresses], ...routeOptions(wanted, 4)];
}

function family6(wanted: WantedInterface, before: string | undefined): Option[] {
  const addresses = wanted.addresses.filter(({ address }) => address.family === 6).map(prefixText);
  if (addresses.length > 0) {
    return [["IP6", ["static"]], ["Address6", addresses], ...routeOptions(wanted, 6)];
  }
  // What routers announce is the guest's own business where the host wants no IPv6.
  return before === "no" || before === "stateless" ? [["IP6", [before]]] : [];
}

/** `Gateway` knows neither a metric nor a gateway outside every subnet; a route does. */
function routeOptions({ routes }: WantedInterface, family: 4 | 6): Option[] {
  const suffix = family === 4 ? "" : "6";
  const own = routes.filter(({ gateway }) => gateway.family === family);
  const main = own.find(
    ({ destination, isOnLink, metric }) =>
      destination.prefixLength === 0 && !isOnLink && metric === undefined,
  );
  const others = own.filter((route) => route !== main).flatMap(ipRouteLines);
  return [
    ...(main ? [option(`Gateway${suffix}`, [main.gateway.text])] : []),
    ...(others.length === 0 ? [] : [option(`Routes${suffix}`, others)]),
  ];
}

function option(name: string, values: readonly string[]): Option {
  return [name, values];
}

const setsAddress = /^\s*(-[46]\s+)?addr(ess)?\s+add\b/;
const setsMtu = /^\s*link\s+set\b.*\bmtu\b/;

interface CustomBefore {
  readonly before: readonly string[];
  readonly isMtuHosts: boolean;
}

/** netctl has no option for an MTU; `IPCustom` lines are arguments of ip(8). */
function custom({ name, mtuBytes }: WantedInterface, { before, isMtuHosts }: CustomBefore): Option[] {
  const keepsMtu = mtuBytes === undefined && !isMtuHosts;
  const kept = before.filter((line) => !setsAddress.test(line) && (keepsMtu || !setsMtu.test(line)));
  const lines = [...kept, ...(mtuBytes === undefined ? [] : [`link set dev ${name} mtu ${mtuBytes}`])];
  return lines.length === 0 ? [] : [["IPCustom", lines]];
}

function isSame(
  before: ReadonlyMap<string, readonly string[]>,
  own: ReadonlyMap<string, readonly string[]>,
  drops: (name: string) => boolean,
): boolean {
  const isOwn = ([name, values]: Option) => own.get(name)?.join("\n") === values.join("\n");
  const relevant = [...before].filter(([name]) => drops(name));
  return relevant.length === own.size && relevant.every(isOwn);
}

function spell(name: string, values: readonly string[]): string {
  const quoted = values.map((value) => `'${value.replaceAll("'", "'\\''")}'`);
  return arrays.has(name) ? `(${quoted.join(" ")})` : (values[0] ?? "");
}

function stop(profile: Profile): RunStep[] {
  if (profile.isNew) return [];
  const undo = ["netctl", "start", profile.name] as const;
  return [{ ...netctlRun("stop", profile), undo, failure: `Error stopping network: ${profile.wanted.name}` }];
}

function write({ name, old, text }: Profile): WriteFileStep[] {
  if (text === old) return [];
  // netctl would take a backup in its directory for another profile.
  return [
    { step: "writeFile", path: PROFILES + name, content: encodeUtf8(text), mode: 0o644, backup: false },
  ];
}

function enable(profile: Profile): RunStep[] {
  if (profile.isEnabled) return [];
  const undo = ["netctl", "disable", profile.name] as const;
  const failure = `Error enabling network: ${profile.wanted.name}`;
  return [{ ...netctlRun("reenable", profile), undo, failure }];
}

/**
 * A profile does not start on an interface that is up, or on one that has its address. A start that
 * fails leaves addresses, which the old profile must not find either.
 */
function clear({ wanted, isNew }: Profile): RunStep[] {
  const flush = ["ip", "address", "flush", "dev", wanted.name] as const;
  const set = ["ip", "link", "set", "dev", wanted.name] as const;
  const failure = `Error flushing network: ${wanted.name}`;
  const common = { timeoutMs: INTERFACE_TIMEOUT_MS, failure } as const;
  return [
    { step: "run", argv: flush, undo: flush, ...common },
    // What had brought it up without a profile finds it up again.
    { step: "run", argv: [...set, "down"], ...common, ...(isNew ? { undo: [...set, "up"] } : {}) },
  ];
}

function start(profile: Profile): RunStep {
  const undo = ["netctl", "stop", profile.name] as const;
  const failure = `Error starting network: ${profile.wanted.name}`;
  return { ...netctlRun("start", profile), undo, failure };
}

function netctlRun(command: string, { name }: Profile): Omit<RunStep, "failure"> {
  return { step: "run", argv: ["netctl", command, name], timeoutMs: INTERFACE_TIMEOUT_MS };
}
