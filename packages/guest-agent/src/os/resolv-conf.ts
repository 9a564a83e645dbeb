import { encodeUtf8 } from "@nova-agent/xenstore";
import { INTERFACE_TIMEOUT_MS, NAMESERVERS_MAX } from "../network/limits.ts";
import { setAssignment } from "../network/shell-file.ts";
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
 * themselves: in the resolver's file, or in the settings of the program that keeps it. Nothing when
 * the host names none, or when the file is a link to what nobody known writes.
 */
export function planResolver(wanted: WantedNetwork, facts: NetworkFacts): SimpleStep[] {
  const servers = nameservers(wanted);
  if (servers.length === 0 || hasOwnNameServer(facts)) return [];
  const settings = settingsOf(servers, facts);
  if (settings !== undefined) return planSettings({ ...settings, servers }, facts);
  return facts.evidence.get(RESOLV_CONF_PATH)?.link === undefined ? writeResolvConf(servers, facts) : [];
}

interface Settings {
  readonly path: string;
  readonly content: string;
  /** What the program makes of its settings. */
  readonly output: string;
  /** What makes the program read them. */
  readonly argv: readonly [string, ...string[]];
}

/** Settings of the program that keeps the resolver's file, if one does. */
function settingsOf(servers: readonly string[], facts: NetworkFacts): Settings | undefined {
  const link = facts.evidence.get(RESOLV_CONF_PATH)?.link ?? "";
  if (/(^|\/)systemd\/(resolve\/|resolv\.conf$)/.test(link)) {
    const content = `# Written by nova-agent at every reset of the network\n[Resolve]\nDNS=${servers.join(" ")}\n`;
    const argv = ["systemctl", "try-restart", "systemd-resolved.service"] as const;
    return { path: RESOLVED_PATH, content, output: RESOLVED_OUTPUT_PATH, argv };
  }
  if (!hasResolvconf(facts)) return undefined;
  const own = { output: RESOLV_CONF_PATH, argv: ["resolvconf", "-u"] } as const;
  if (facts.evidence.has(OPENRESOLV_PATH)) {
    const text = facts.files.get(OPENRESOLV_PATH) ?? "";
    return {
      ...own,
      path: OPENRESOLV_PATH,
      content: setAssignment(text, "name_servers", `"${servers.join(" ")}"`),
    };
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
  if (facts.files.get(path) === content && isInUse) return [];
  return [
    { step: "whenTakenBack", argv, timeoutMs: INTERFACE_TIMEOUT_MS },
    { step: "writeFile", path, content: encodeUtf8(content), mode: 0o644, backup: false },
    { step: "run", argv, timeoutMs: INTERFACE_TIMEOUT_MS, failure: "Error setting name servers" },
  ];
}

/** Whether openresolv names a server on the guest itself: which servers that one asks is not ours. */
function hasOwnNameServer({ evidence, files }: NetworkFacts): boolean {
  const isOwn = /^\s*name_servers=["']?(127\.|::1\b)/m.test(files.get(OPENRESOLV_PATH) ?? "");
  return isOwn && evidence.has(OPENRESOLV_PATH);
}

/**
 * The wanted name servers in the resolver's file, for network managers that leave it alone. Nothing
 * when the host names none or when another program keeps the file: resolvconf, systemd-resolved, or
 * whoever made it a link. All lines but `nameserver` stay.
 */
export function planResolvConf(wanted: WantedNetwork, facts: NetworkFacts): WriteFileStep[] {
  const servers = nameservers(wanted);
  const isLink = facts.evidence.get(RESOLV_CONF_PATH)?.link !== undefined;
  return hasResolverManager(facts) || isLink || servers.length === 0 ? [] : writeResolvConf(servers, facts);
}

function writeResolvConf(servers: readonly string[], { files }: NetworkFacts): WriteFileStep[] {
  const text = files.get(RESOLV_CONF_PATH) ?? "";
  const content = renderResolvConf(text, servers);
  if (content === text) return [];
  return [
    { step: "writeFile", path: RESOLV_CONF_PATH, content: encodeUtf8(content), mode: 0o644, backup: true },
  ];
}

/** The file with these name servers; all its other lines stay (resolv.conf(5)). */
function renderResolvConf(text: string, servers: readonly string[]): string {
  const lines = text.split("\n").filter((line) => line !== "" && !/^\s*nameserver\b/.test(line));
  return [...lines, ...servers.map((server) => `nameserver ${server}`), ""].join("\n");
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
