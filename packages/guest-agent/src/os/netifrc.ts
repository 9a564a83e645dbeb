import { encodeUtf8 } from "@nova-agent/xenstore";
import { prefixText } from "../network/address.ts";
import { ipRouteLines } from "../network/ip-route.ts";
import { INTERFACE_TIMEOUT_MS } from "../network/limits.ts";
import {
  HOST_COMMENT,
  hostNames,
  LABEL_COMMENT,
  readAssignments,
  replaceAssignments,
  shellName,
} from "../network/shell-file.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../network/wanted-network.ts";
import type { MakeLinkStep, RunStep, WhenTakenBackStep, WriteFileStep } from "../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "./backend.ts";
import {
  hasResolverManager,
  nameservers,
  planResolvConf,
  RESOLV_CONF_PATH,
  resolverEvidence,
} from "./resolv-conf.ts";

const CONFIGURATION_PATH = "/etc/conf.d/net";

/** The script that all scripts of interfaces are links to. */
const SCRIPT_PATH = "/etc/init.d/net.lo";

/** There where systemd runs the guest: Gentoo has the script nevertheless. */
const SYSTEMD_PATH = "/run/systemd/system";

/** netifrc has no setting for it; OpenRC's service `sysctl` reads the directory (sysctl.d(5)). */
const SYSCTL_PATH = "/etc/sysctl.d/90-nova-agent.conf";

/** Gentoo's netifrc under OpenRC (net.example of netifrc; openrc-run(8), rc-service(8)). */
export const netifrc: NetworkBackend = {
  name: "netifrc",
  evidence: [SCRIPT_PATH, SYSTEMD_PATH, ...resolverEvidence],
  filesToRead: (vifs) => [
    CONFIGURATION_PATH,
    SYSCTL_PATH,
    RESOLV_CONF_PATH,
    ...vifs.flatMap((vif) => [scriptOf(vif), ...runlevelsOf(vif), acceptPath(vif)]),
  ],
  manages,
  plan,
};

type Named = Pick<Vif, "name">;

function serviceOf({ name }: Named): string {
  return `net.${name}`;
}

function scriptOf(vif: Named): string {
  return `/etc/init.d/${serviceOf(vif)}`;
}

/** Where its script is linked when a start of the guest brings it up. */
function runlevelsOf(vif: Named): string[] {
  return ["boot", "default"].map((runlevel) => `/etc/runlevels/${runlevel}/${serviceOf(vif)}`);
}

/** Whether the kernel takes what routers announce (linux, networking/ip-sysctl, "accept_ra"). */
function acceptPath({ name }: Named): string {
  return `/proc/sys/${acceptKey(name)}`;
}

function acceptKey(name: string): string {
  return `net/ipv6/conf/${name}/accept_ra`;
}

function manages({ evidence, files, vifs }: NetworkFacts): Claim {
  if (!evidence.has(SCRIPT_PATH) || evidence.has(SYSTEMD_PATH)) return "no";
  const assigned = readAssignments(files.get(CONFIGURATION_PATH) ?? "");
  const isOwn = (vif: Vif) =>
    assigned.has(`config_${shellName(vif.name)}`) || runlevelsOf(vif).some((path) => files.has(path));
  return vifs.some(isOwn) ? "yes" : "could";
}

type NetworkStep = MakeLinkStep | RunStep | WhenTakenBackStep | WriteFileStep;

function plan(network: WantedNetwork, facts: NetworkFacts): readonly NetworkStep[] {
  const text = facts.files.get(CONFIGURATION_PATH) ?? "";
  const before = readAssignments(text);
  const hosts = hostNames(text);
  const wanted = network.interfaces.map((each) => ({
    each,
    own: variablesOf(each, network, facts),
    isOwn: (name: string) => isOwnVariable(name, { vif: each, hosts }),
  }));
  const isSaid = ({ own, isOwn }: Wanted) => isSame(before, own, isOwn);
  const isRight = wanted.every(isSaid);
  const changed = wanted
    .filter((one) => !isSaid(one) || !isSoInKernel(one.each, facts))
    .map(({ each }) => each);
  const hasScript = (vif: Named) => facts.files.has(scriptOf(vif));
  return [
    // Services read the old file again once it is back.
    ...changed.filter(hasScript).map((each) => whenTakenBack("restart", each)),
    ...(isRight ? [] : [write(CONFIGURATION_PATH, renderFile(text, wanted), true)]),
    ...changed.filter((each) => !hasScript(each)).flatMap(makeService),
    ...changed.flatMap((each) => addToRunlevel(each, facts)),
    ...planSysctl(network, facts),
    ...changed.map(restart),
    ...planResolvConf(network, facts),
  ];
}

type Variables = ReadonlyMap<string, string>;

interface Wanted {
  readonly each: WantedInterface;
  readonly own: Variables;
  /** Whether a variable is the host's, even where the host leaves it out. */
  readonly isOwn: (name: string) => boolean;
}

/** The variables of one interface, one value a line as net.example has it. */
function variablesOf(wanted: WantedInterface, network: WantedNetwork, facts: NetworkFacts): Variables {
  const { name, addresses, routes, mtuBytes } = wanted;
  const suffix = shellName(name);
  const dns = dnsOf(wanted, network, facts);
  return new Map([
    // Nothing at all would mean DHCP.
    [`config_${suffix}`, addresses.length === 0 ? "null" : addresses.map(prefixText).join("\n")],
    ...(routes.length === 0 ? [] : [[`routes_${suffix}`, routes.flatMap(ipRouteLines).join("\n")] as const]),
    ...(dns.length === 0 ? [] : [[`dns_servers_${suffix}`, dns.join(" ")] as const]),
    ...(mtuBytes === undefined ? [] : [[`mtu_${suffix}`, String(mtuBytes)] as const]),
  ]);
}

/**
 * Without resolvconf every service writes the resolver's file anew, and the last one stays: then each
 * interface that has name servers gets all of them.
 */
function dnsOf({ dns }: WantedInterface, network: WantedNetwork, facts: NetworkFacts): readonly string[] {
  if (dns.length === 0 || hasResolverManager(facts)) return dns.map(({ text }) => text);
  return nameservers(network);
}

/** What stood there was of another network. */
const variables: readonly string[] = ["config", "routes", "fallback", "fallback_routes"];

/** What may be the user's where the host does not name it. */
const sharedVariable = /^(dns_servers|mtu)_/;

interface Owner {
  readonly vif: Named;
  readonly hosts: ReadonlySet<string>;
}

function isOwnVariable(name: string, { vif, hosts }: Owner): boolean {
  const suffix = shellName(vif.name);
  return (
    variables.some((variable) => name === `${variable}_${suffix}`) ||
    (sharedVariable.test(name) && name.endsWith(`_${suffix}`) && hosts.has(name))
  );
}

function isSame(
  before: ReadonlyMap<string, readonly string[]>,
  own: Variables,
  isOwn: (name: string) => boolean,
): boolean {
  const relevant = [...before.keys()].filter(isOwn);
  return (
    relevant.every((name) => own.has(name)) &&
    [...own].every(([name, value]) => before.has(name) && meaning(before.get(name)) === value)
  );
}

/** The lines of a value, or of an array's elements, without needless blanks. */
function meaning(values: readonly string[] = []): string {
  const lines = values.flatMap((value) => value.split("\n"));
  return lines.map((line) => line.trim().replaceAll(/\s+/g, " ")).join("\n");
}

function renderFile(text: string, wanted: readonly Wanted[]): string {
  const drops = (name: string) => wanted.some(({ own, isOwn }) => own.has(name) || isOwn(name));
  const blocks = wanted.map(({ each, own }) => [
    ...(each.label === "" ? [] : [LABEL_COMMENT + each.label]),
    ...[...own].flatMap(([name, value]) => [
      ...(sharedVariable.test(name) ? [HOST_COMMENT] : []),
      ...`${name}="${value}"`.split("\n"),
    ]),
  ]);
  return replaceAssignments(text, { drops, lines: blocks.flat() });
}

function write(path: string, text: string, backup: boolean): WriteFileStep {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup };
}

/** Static IPv6 addresses stand alone: what routers announce is not taken there. */
function planSysctl({ interfaces }: WantedNetwork, { files }: NetworkFacts): NetworkStep[] {
  const own = interfaces.filter(({ addresses }) => addresses.some(({ address }) => address.family === 6));
  const old = files.get(SYSCTL_PATH) ?? "";
  const lines = own.map(({ name }) => `${acceptKey(name)} = 0`);
  const text = ["# Written by nova-agent at every reset of the network", ...lines, ""].join("\n");
  if (own.length === 0 || text === old) return [];
  const steps = own.filter(({ name }) => !old.includes(`${acceptKey(name)} = 0\n`));
  return [
    write(SYSCTL_PATH, text, false),
    ...steps.flatMap((each) => refuseAnnouncements(each, files.get(acceptPath(each))?.trim())),
  ];
}

/** A kernel that does without IPv6 has no value, and nothing to refuse. */
function refuseAnnouncements({ name }: Named, value: string | undefined): RunStep[] {
  if (value === undefined || value === "0") return [];
  const key = acceptKey(name);
  return [
    {
      step: "run",
      argv: ["sysctl", "-q", "-w", `${key}=0`],
      undo: ["sysctl", "-q", "-w", `${key}=${value}`],
      timeoutMs: INTERFACE_TIMEOUT_MS,
      failure: `Error setting "${key}"`,
    },
  ];
}

function whenTakenBack(command: "restart" | "stop", vif: Named): WhenTakenBackStep {
  const argv = ["rc-service", serviceOf(vif), command] as const;
  return { step: "whenTakenBack", argv, timeoutMs: INTERFACE_TIMEOUT_MS };
}

/** A service of its own for an interface (net.example, "QUICK-START"). */
function makeService(vif: Named): NetworkStep[] {
  return [{ step: "makeLink", path: scriptOf(vif), target: "net.lo" }, whenTakenBack("stop", vif)];
}

/** The link that rc-update(8) makes; being a file of the plan's, `nova-agent undo` takes it away as well. */
function addToRunlevel(vif: Named, { files }: NetworkFacts): NetworkStep[] {
  if (runlevelsOf(vif).some((path) => files.has(path))) return [];
  const path = `/etc/runlevels/default/${serviceOf(vif)}`;
  return [{ step: "makeLink", path, target: scriptOf(vif) }];
}

function restart(vif: Named): RunStep {
  return {
    step: "run",
    argv: ["rc-service", serviceOf(vif), "restart"],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error starting network: ${vif.name}`,
  };
}
