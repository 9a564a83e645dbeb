import { encodeUtf8 } from "@nova-agent/xenstore";
import { INTERFACE_TIMEOUT_MS, NAMESERVERS_MAX } from "../network/limits.ts";
import { HOST_COMMENT, hostNames, markHosts, setAssignment, unmarkHosts } from "../network/shell-file.ts";
import type { WantedNetwork } from "../network/wanted-network.ts";
import type { SimpleStep, WriteFileStep } from "../plan.ts";
import type { NetworkFacts } from "./backend.ts";

/** The resolver's file (resolv.conf(5)). */
export const RESOLV_CONF_PATH = "/etc/resolv.conf";

const managers = ["/sbin/resolvconf", "/usr/sbin/resolvconf", "/run/systemd/resolve"];

/** What Debian's resolvconf puts into the file that it makes (resolvconf(8), "FILES"). */
const BASE_PATH = "/etc/resolvconf/resolv.conf.d/base";

/** openresolv's settings, which its other namesake does not have (resolvconf.conf(5)). */
const OPENRESOLV_PATH = "/etc/resolvconf.conf";

/** Ours among systemd-resolved's (resolved.conf(5)); later names win. */
const RESOLVED_PATH = "/etc/systemd/resolved.conf.d/90-nova-agent.conf";

/** What systemd-resolved makes of its settings (systemd-resolved.service(8)). */
const RESOLVED_OUTPUT_PATH = "/run/systemd/resolve/resolv.conf";

/** What tells whether a program keeps the resolver's file. */
export const resolverEvidence: readonly string[] = [
  ...managers,
  "/etc/resolvconf/resolv.conf.d",
  OPENRESOLV_PATH,
  RESOLV_CONF_PATH,
];

/** Where the name servers stand, whoever keeps them. */
export const resolverFiles: readonly string[] = [
  RESOLV_CONF_PATH,
  BASE_PATH,
  OPENRESOLV_PATH,
  RESOLVED_PATH,
  RESOLVED_OUTPUT_PATH,
];

/**
 * The steps that give the guest the wanted name servers, for network managers that carry none
 * themselves: in the resolver's file, or in the settings of the program that keeps it. Where the host
 * names none, those go that it named before. Nothing when the file is a link to what nobody known writes.
 */
export function planResolver(wanted: WantedNetwork, facts: NetworkFacts): SimpleStep[] {
  const servers = nameservers(wanted);
  if (hasOwnNameServer(facts) || (servers.length === 0 && !namesWholeGuest(wanted, facts))) return [];
  const settings = settingsOf(servers, facts);
  if (settings !== undefined) return planSettings({ ...settings, servers }, facts);
  return facts.evidence.get(RESOLV_CONF_PATH)?.link === undefined ? writeResolvConf(servers, facts) : [];
}

interface Settings {
  readonly path: string;
  /** Undefined when there is to be no such file. */
  readonly content: string | undefined;
  /** What the program makes of its settings. */
  readonly output: string;
  /** What makes the program read them. */
  readonly argv: readonly [string, ...string[]];
}

/** Settings of the program that keeps the resolver's file, if one does. */
function settingsOf(servers: readonly string[], facts: NetworkFacts): Settings | undefined {
  const link = facts.evidence.get(RESOLV_CONF_PATH)?.link ?? "";
  if (/(^|\/)systemd\/(resolve\/|resolv\.conf$)/.test(link)) {
    const head = "# Written by nova-agent at every reset of the network";
    const content = servers.length === 0 ? undefined : `${head}\n[Resolve]\nDNS=${servers.join(" ")}\n`;
    const argv = ["systemctl", "try-restart", "systemd-resolved.service"] as const;
    return { path: RESOLVED_PATH, content, output: RESOLVED_OUTPUT_PATH, argv };
  }
  if (!hasResolvconf(facts)) return undefined;
  const own = { output: RESOLV_CONF_PATH, argv: ["resolvconf", "-u"] } as const;
  if (facts.evidence.has(OPENRESOLV_PATH)) {
    const text = facts.files.get(OPENRESOLV_PATH) ?? "";
    return { ...own, path: OPENRESOLV_PATH, content: renderOpenresolv(text, servers) };
  }
  // Debian's leaves a file alone that is no link into its own directory.
  if (!/(^|\/)resolvconf\//.test(link)) return undefined;
  const content = renderResolvConf(facts.files.get(BASE_PATH) ?? "", servers);
  return { ...own, path: BASE_PATH, content };
}

/** Whether there is a resolvconf that is more than another name of systemd-resolved's program. */
function hasResolvconf({ evidence }: NetworkFacts): boolean {
  return managers
    .filter((path) => path.endsWith("/resolvconf"))
    .some((path) => evidence.has(path) && !evidence.get(path)?.link?.endsWith("resolvectl"));
}

interface ServerSettings extends Settings {
  readonly servers: readonly string[];
}

function planSettings(
  { path, content, output, argv, servers }: ServerSettings,
  facts: NetworkFacts,
): SimpleStep[] {
  const made = (facts.files.get(output) ?? "").split("\n");
  // What is right in the settings need not be in use: a reset may have been killed before.
  const isInUse = servers.every((server) => made.includes(`nameserver ${server}`));
  if ((facts.files.get(path) ?? "") === (content ?? "") && isInUse) return [];
  return [
    { step: "whenTakenBack", argv, timeoutMs: INTERFACE_TIMEOUT_MS },
    content === undefined
      ? { step: "removeFile", path, backup: false }
      : { step: "writeFile", path, content: encodeUtf8(content), mode: 0o644, backup: false },
    { step: "run", argv, timeoutMs: INTERFACE_TIMEOUT_MS, failure: "Error setting name servers" },
  ];
}

/** openresolv's settings with these name servers (resolvconf.conf(5), "name_servers"). */
function renderOpenresolv(text: string, servers: readonly string[]): string {
  const name = "name_servers";
  if (servers.length > 0) return markHosts(setAssignment(text, name, `"${servers.join(" ")}"`), name);
  return hostNames(text).has(name) ? unmarkHosts(setAssignment(text, name, '""'), name) : text;
}

/** Whether openresolv names a server on the guest itself: which servers that one asks is not ours. */
function hasOwnNameServer({ evidence, files }: NetworkFacts): boolean {
  const isOwn = /^\s*name_servers=["']?(127\.|::1\b)/m.test(files.get(OPENRESOLV_PATH) ?? "");
  return isOwn && evidence.has(OPENRESOLV_PATH);
}

/**
 * The wanted name servers in the resolver's file, for network managers that leave it alone. Nothing
 * when another program keeps the file: resolvconf, systemd-resolved, or whoever made it a link. Where the
 * host names none, those go that it named before. All lines but `nameserver` stay.
 */
export function planResolvConf(wanted: WantedNetwork, facts: NetworkFacts): WriteFileStep[] {
  const servers = nameservers(wanted);
  const isLink = facts.evidence.get(RESOLV_CONF_PATH)?.link !== undefined;
  const isUnknown = servers.length === 0 && !namesWholeGuest(wanted, facts);
  return hasResolverManager(facts) || isLink || isUnknown ? [] : writeResolvConf(servers, facts);
}

function writeResolvConf(servers: readonly string[], { files }: NetworkFacts): WriteFileStep[] {
  const text = files.get(RESOLV_CONF_PATH) ?? "";
  const content = renderResolvConf(text, servers);
  if (content === text) return [];
  return [
    { step: "writeFile", path: RESOLV_CONF_PATH, content: encodeUtf8(content), mode: 0o644, backup: true },
  ];
}

/**
 * The file with these name servers and all its other lines (resolv.conf(5)); with none it loses those that
 * were the host's. What names the same servers already stays as it is.
 */
function renderResolvConf(text: string, servers: readonly string[]): string {
  const lines = text.split("\n").filter((line) => line !== "");
  const present = lines.flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  const isHosts = lines.includes(HOST_COMMENT);
  if (servers.length === 0 ? !isHosts : present.join(" ") === servers.join(" ")) return text;
  const kept = lines.filter((line) => line !== HOST_COMMENT && !/^\s*nameserver\b/.test(line));
  const own = servers.map((server) => `nameserver ${server}`);
  return [...kept, ...(own.length === 0 ? [] : [HOST_COMMENT]), ...own, ""].join("\n");
}

/** Whether the host names every VIF: one that it does not name may have brought the name servers. */
export function namesWholeGuest({ interfaces }: WantedNetwork, { vifs }: NetworkFacts): boolean {
  return vifs.every(({ name }) => interfaces.some((each) => each.name === name));
}

/** Whether a program that network managers tell of name servers keeps the file. */
export function hasResolverManager({ evidence }: NetworkFacts): boolean {
  return managers.some((path) => evidence.has(path));
}

/** The first name servers, those of the interface with a default route before the others'. */
export function nameservers({ interfaces }: WantedNetwork): string[] {
  const hasDefault = (index: number) =>
    interfaces[index]?.routes.some(({ destination }) => destination.prefixLength === 0) ? 0 : 1;
  const order = [...interfaces.keys()].sort((a, b) => hasDefault(a) - hasDefault(b));
  const servers = order.flatMap((index) => interfaces[index]?.dns ?? []).map((server) => server.text);
  return [...new Set(servers)].slice(0, NAMESERVERS_MAX);
}
