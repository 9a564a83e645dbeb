import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import { HOSTNAME_LABEL_MAX_CHARACTERS, HOSTNAME_MAX_CHARACTERS } from "../network/limits.ts";
import type { Step, WriteFileStep } from "../plan.ts";
import type { NetworkFacts } from "./backend.ts";

const HOSTNAME_PATH = "/etc/hostname";
const HOSTS_PATH = "/etc/hosts";

/** The files that keep a host's name (hostname(5), hosts(5)). */
export const hostnameFiles: readonly string[] = [HOSTNAME_PATH, HOSTS_PATH];

/**
 * Checks the host name that the host wants: letters, digits, hyphens and underscores between dots
 * (RFC 1123, section 2.1; Nova lets underscores through). Too long a name is cut, as earlier agents
 * did. Throws AGENT_BAD_PAYLOAD that names the place, `at`.
 */
export function parseHostname(text: string, at = "vm-data/hostname"): string {
  const name = text.trim();
  const parts = name.replace(/\.$/, "").split(".");
  if (!parts.every((part) => /^\w([\w-]*\w)?$/.test(part))) {
    throw new AgentError(
      "AGENT_BAD_PAYLOAD",
      `${at} is ${JSON.stringify(name.slice(0, 100))}, which is no host name; ` +
        "use letters, digits, hyphens and dots there and try again",
    );
  }
  const cut = parts.map((part) => trimEnd(part.slice(0, HOSTNAME_LABEL_MAX_CHARACTERS)));
  return trimEnd(cut.join(".").slice(0, HOSTNAME_MAX_CHARACTERS));
}

/** A cut may leave a hyphen or dot at the end. */
function trimEnd(text: string): string {
  return text.replace(/[.-]+$/, "");
}

/** The steps that make `hostname` the guest's name, in the kernel, in its file and in /etc/hosts. */
export function planHostname(hostname: string, facts: NetworkFacts): Step[] {
  const hosts = facts.files.get(HOSTS_PATH) ?? "";
  return [
    ...writeChanged(HOSTNAME_PATH, facts.files.get(HOSTNAME_PATH), `${hostname}\n`),
    ...writeChanged(HOSTS_PATH, hosts, renderHosts(hosts, { hostname, old: facts.hostname })),
    ...(facts.hostname === hostname ? [] : [{ step: "setHostname", hostname } as const]),
  ];
}

function writeChanged(path: string, old: string | undefined, text: string): WriteFileStep[] {
  if (old === text) return [];
  return [{ step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: false }];
}

interface Names {
  readonly hostname: string;
  readonly old: string;
}

/**
 * /etc/hosts with the new name where the old one stood, else on the line of 127.0.1.1, which Debian
 * keeps for it (Debian reference, 5.1.1), else on such a line behind the first. All other lines stay.
 */
function renderHosts(text: string, names: Names): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  if (lines.some((line) => hostNames(line).includes(names.hostname))) return text;
  const renamed = lines.map((line) => renameHost(line, names));
  const own = `127.0.1.1\t${aliases(names.hostname)}`;
  const conventional = lines.findIndex((line) => /^\s*127\.0\.1\.1\s/.test(line));
  const result = renamed.some((line, index) => line !== lines[index])
    ? renamed
    : conventional >= 0
      ? lines.with(conventional, own)
      : lines.toSpliced(1, 0, own);
  return `${result.join("\n")}\n`;
}

/** The names on a line of /etc/hosts, without address and comment. */
function hostNames(line: string): string[] {
  return (line.split("#")[0] ?? "").trim().split(/\s+/).slice(1);
}

/** The name, and for one with a domain its first part as well. */
function aliases(hostname: string): string {
  const [first = hostname] = hostname.split(".");
  return first === hostname ? hostname : `${hostname} ${first}`;
}

/** The line with every mention of the old name, alone or with a domain, turned into the new one. */
function renameHost(line: string, { hostname, old }: Names): string {
  if (old === "" || old === "localhost" || !hostNames(line).includes(old)) return line;
  const [body = ""] = line.split("#");
  const [address = "", ...words] = body.trim().split(/\s+/);
  const [oldFirst = old] = old.split(".");
  const renamed = words.flatMap((word) => {
    if (word === old || word === oldFirst) return aliases(hostname).split(" ");
    if (!word.startsWith(`${oldFirst}.`)) return [word];
    return [hostname.includes(".") ? hostname : hostname + word.slice(oldFirst.length)];
  });
  const comment = line.slice(body.length);
  return `${address}\t${[...new Set(renamed)].join(" ")}${comment === "" ? "" : ` ${comment}`}`;
}
