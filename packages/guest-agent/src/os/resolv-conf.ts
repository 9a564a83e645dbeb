import { encodeUtf8 } from "@nova-agent/xenstore";
import { NAMESERVERS_MAX } from "../network/limits.ts";
import type { WantedNetwork } from "../network/wanted-network.ts";
import type { WriteFileStep } from "../plan.ts";
import type { NetworkFacts } from "./backend.ts";

/** The resolver's file (resolv.conf(5)). */
export const RESOLV_CONF_PATH = "/etc/resolv.conf";

const managers = ["/sbin/resolvconf", "/usr/sbin/resolvconf", "/run/systemd/resolve"];

/** What tells whether a program keeps the resolver's file. */
export const resolverEvidence: readonly string[] = [...managers, RESOLV_CONF_PATH];

/**
 * The wanted name servers in the resolver's file, for network managers that leave it alone. Nothing
 * when the host names none or when another program keeps the file: resolvconf, systemd-resolved, or
 * whoever made it a link. All lines but `nameserver` stay.
 */
export function planResolvConf(wanted: WantedNetwork, facts: NetworkFacts): WriteFileStep[] {
  const servers = nameservers(wanted);
  if (
    hasResolverManager(facts) ||
    facts.evidence.get(RESOLV_CONF_PATH)?.link !== undefined ||
    servers.length === 0
  )
    return [];
  const text = facts.files.get(RESOLV_CONF_PATH) ?? "";
  const lines = text.split("\n").filter((line) => line !== "" && !/^\s*nameserver\b/.test(line));
  const content = [...lines, ...servers.map((server) => `nameserver ${server}`), ""].join("\n");
  if (content === text) return [];
  return [
    { step: "writeFile", path: RESOLV_CONF_PATH, content: encodeUtf8(content), mode: 0o644, backup: true },
  ];
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
