import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../../errors.ts";
import { prefixText } from "../../network/address.ts";
import { gatewayDestination, isOnLinkRefused } from "../../network/ip-route.ts";
import { hasFamilyOf, placeNameServers } from "../../network/name-servers.ts";
import { networkdEvidence, networkdFiles } from "../../network/networkd-apply.ts";
import { markPending, pendingPath } from "../../network/pending.ts";
import type { WantedInterface, WantedNetwork, WantedRoute } from "../../network/wanted-network.ts";
import type { Step } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { applyFiles, UNIT_DIRECTORY } from "./apply.ts";
import { isInBraces, isShared, mayTake, withoutContradictions } from "./definitions.ts";

/** Behind what installers and cloud-init write, before what an administrator numbers 99. */
const OWN_DIRECTORY = "/etc/netplan/";
const OWN_PATH = `${OWN_DIRECTORY}90-nova-agent.yaml`;

/** Written by earlier agents, with the same networks; netplan would join both. */
const LEGACY_PATH = "/etc/netplan/rackspace-cloud.yaml";

const NAME = "netplan";
const programs = ["/usr/sbin/netplan", "/sbin/netplan"];
const directories = [OWN_DIRECTORY, "/run/netplan/", "/lib/netplan/"];

/** Names what this netplan knows beyond the oldest ones: up to 0.107 here, later there. */
const featureFiles = [
  "/usr/share/netplan/netplan/_features.py",
  "/usr/share/netplan/netplan_cli/_features.py",
];

/** Canonical's netplan (netplan(5)), whichever of networkd and NetworkManager it drives. */
export const netplan: NetworkBackend = {
  name: NAME,
  evidence: [...programs, ...networkdEvidence],
  filesToRead: (vifs) => [
    ...directories,
    ...featureFiles,
    UNIT_DIRECTORY,
    ...networkdFiles(vifs),
    pendingPath(NAME),
  ],
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  if (!programs.some((path) => facts.evidence.has(path))) return "no";
  return [...facts.files.keys()].some(isConfiguration) ? "yes" : "could";
}

function isConfiguration(path: string): boolean {
  return path.endsWith(".yaml") && directories.some((directory) => path.startsWith(directory));
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const interfaces = withTakenServers(wanted.interfaces, facts);
  const text = renderNetplan({ interfaces, facts });
  const others = planOthersFiles(wanted, facts);
  const files = [...planFile(OWN_PATH, { facts, text, mode: 0o600 }), ...others];
  const isPending = facts.files.has(pendingPath(NAME));
  const isWhole = isPending || others.length > 0;
  const links = interfaces.flatMap((each) => {
    const { name } = each;
    const isSame = meaningOf(name, text) === meaningOf(name, facts.files.get(OWN_PATH) ?? "");
    const hasNewUnit = isWhole || !isSame;
    return hasNewUnit || !isSoInKernel(each, facts) ? [{ name, hasNewUnit }] : [];
  });
  if (interfaces.length === 0 || (files.length === 0 && links.length === 0)) return [];
  const isNetworkds = !isNetworkManagers(facts);
  return markPending(NAME, applyFiles({ files, links, isWhole, isNetworkds }, facts));
}

/**
 * NetworkManager refuses a whole profile that has name servers of a family without an address of it, and
 * netplan makes such ones.
 */
function withTakenServers(interfaces: readonly WantedInterface[], facts: NetworkFacts): WantedInterface[] {
  if (!isNetworkManagers(facts)) return [...interfaces];
  return placeNameServers(interfaces).map((each) => ({
    ...each,
    dns: each.dns.filter((server) => hasFamilyOf(each, server)),
  }));
}

function isNetworkManagers(facts: NetworkFacts): boolean {
  return othersFiles(facts).some(([, text]) => /^\s*renderer:\s*["']?NetworkManager\b/m.test(text));
}

interface WantedFile {
  readonly facts: NetworkFacts;
  /** Undefined for none. */
  readonly text: string | undefined;
  readonly mode: number;
}

function planFile(path: string, { facts, text, mode }: WantedFile): Step[] {
  if (facts.files.get(path) === text) return [];
  if (text === undefined) return [{ step: "removeFile", path, backup: true }];
  return [{ step: "writeFile", path, content: encodeUtf8(text), mode, backup: true }];
}

/** What an administrator's, an installer's and NetworkManager's files say of the wanted VIFs goes. */
function planOthersFiles({ interfaces }: WantedNetwork, facts: NetworkFacts): Step[] {
  return othersFiles(facts)
    .filter(([path]) => path.startsWith(OWN_DIRECTORY))
    .flatMap(([path, old]) => {
      const contradictions = interfaces.map((wanted) => ({
        vif: wanted,
        contradicts: (setting: string) =>
          isJoined(setting) || (path > OWN_PATH && isSettled(setting, wanted)),
      }));
      if (path !== LEGACY_PATH && isInBraces(old) && interfaces.some((each) => mayTake(old, each)))
        throw cannotCut(path);
      const text = path === LEGACY_PATH ? undefined : withoutContradictions(old, contradictions);
      return planFile(path, { facts, text, mode: 0o600 });
    });
}

function cannotCut(path: string): AgentError {
  return new AgentError(
    "AGENT_UNSUPPORTED",
    `netplan would join addresses or routes of "${path}" with the host's; ` +
      "write it in lines in place of braces, or remove the VIFs from it",
  );
}

function othersFiles({ files }: NetworkFacts): [string, string][] {
  return [...files].filter(([path]) => isConfiguration(path) && path !== OWN_PATH);
}

/** Whether netplan would join a setting of another file with the agent's, or have it beside them. */
function isJoined(setting: string): boolean {
  return /^(addresses|gateway[46]|routes|nameservers)$/.test(setting);
}

/** Whether the agent's file says a setting, so that it counts unless a later file says it again. */
function isSettled(setting: string, { addresses, mtuBytes }: WantedInterface): boolean {
  if (setting === "mtu") return mtuBytes !== undefined;
  if (setting === "accept-ra") return addresses.some(({ address }) => address.family === 6);
  return /^dhcp[46]$/.test(setting);
}

/** Whether a route may lead to `default`: since 0.103, which advises it (netplan-info(8), "default-routes"). */
function knowsDefault({ files }: NetworkFacts): boolean {
  const features = featureFiles.flatMap((path) => files.get(path) ?? []);
  return features.length === 0 || features.some((text) => text.includes('"default-routes"'));
}

interface NetplanFile {
  readonly interfaces: readonly WantedInterface[];
  readonly facts: NetworkFacts;
}

/**
 * The file with all wanted interfaces (netplan(5); the keys are those that 0.104 and later advise), and
 * the VIFs that the host does not name as they are in it.
 */
function renderNetplan(file: NetplanFile): string {
  const { interfaces, facts } = file;
  const blocks = facts.vifs
    .toSorted((a, b) => a.index - b.index)
    .map(({ name }) => {
      const wanted = interfaces.find((each) => each.name === name);
      return wanted ? interfaceLines(wanted, file) : ownBlock(name, facts.files.get(OWN_PATH) ?? "");
    });
  const head = [
    "# Written by nova-agent at every reset of the network",
    "network:",
    "  version: 2",
    "  ethernets:",
  ];
  return [...head, ...blocks.flat(), ""].join("\n");
}

/** The lines of one interface in the agent's own file, with its label; none when it is not there. */
function ownBlock(name: string, text: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line === `    ${name}:` || line === `    0-${name}:`);
  if (start < 0) return [];
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith("      "));
  const hasLabel = lines[start - 1]?.startsWith("    # ") === true;
  return lines.slice(hasLabel ? start - 1 : start, length < 0 ? undefined : start + 1 + length);
}

/** What a text of the agent's own file says of an interface, without its label. */
function meaningOf(name: string, text: string): string {
  return ownBlock(name, text)
    .filter((line) => !line.startsWith("    # "))
    .join("\n");
}

function interfaceLines(wanted: WantedInterface, file: NetplanFile): string[] {
  const { label, addresses, routes, dns, mtuBytes } = wanted;
  const hasV6 = addresses.some(({ address }) => address.family === 6);
  return [
    ...(label === "" ? [] : [`    # Label ${label}`]),
    ...nameLines(wanted, file.facts),
    "      dhcp4: false",
    "      dhcp6: false",
    ...(hasV6 ? ["      accept-ra: false"] : []),
    ...(mtuBytes === undefined ? [] : [`      mtu: ${mtuBytes}`]),
    ...listLines("      addresses:", addresses.map(prefixText)),
    ...(routes.length === 0
      ? []
      : ["      routes:", ...routes.flatMap((route) => routeLines(route, { wanted, file }))]),
    ...(dns.length === 0 ? [] : ["      nameservers:"]),
    ...listLines(
      "        addresses:",
      dns.map((server) => server.text),
    ),
  ];
}

/**
 * The definition's name is the interface's. Where a definition of several links takes it as well, such as
 * `all-eth` of Debian's images, that of the agent comes first: networkd takes the first that matches.
 */
function nameLines(wanted: WantedInterface, facts: NetworkFacts): string[] {
  const { name } = wanted;
  if (!othersFiles(facts).some(([, text]) => isShared(text, wanted))) return [`    ${name}:`];
  return [`    0-${name}:`, "      match:", `        name: ${name}`];
}

function listLines(key: string, texts: readonly string[]): string[] {
  const indent = key.replace(/\S.*/, "");
  return texts.length === 0 ? [] : [key, ...texts.map((text) => `${indent}  - "${text}"`)];
}

function routeLines(
  route: WantedRoute,
  { wanted: { name }, file }: { readonly wanted: WantedInterface; readonly file: NetplanFile },
): string[] {
  const { interfaces, facts } = file;
  const { destination, gateway, isOnLink, metric } = route;
  const to =
    destination.prefixLength === 0 && knowsDefault(facts) ? "default" : `"${prefixText(destination)}"`;
  const rank = metric === undefined ? [] : [`          metric: ${metric}`];
  // Not every netplan takes a route without `via`, so it is there only where nothing else would do.
  const isNeeded = isOnLinkRefused(gateway, { name, interfaces });
  const toGateway = isNeeded ? gatewayDestination(route) : undefined;
  return [
    ...(toGateway === undefined ? [] : [`        - to: "${toGateway}"`, "          scope: link", ...rank]),
    `        - to: ${to}`,
    `          via: "${gateway.text}"`,
    ...(isOnLink && toGateway === undefined ? ["          on-link: true"] : []),
    ...rank,
  ];
}
