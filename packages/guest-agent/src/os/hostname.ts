import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import {
  HOSTNAME_LABEL_MAX_CHARACTERS,
  HOSTNAME_MAX_CHARACTERS,
  INTERFACE_TIMEOUT_MS,
} from "../network/limits.ts";
import { setAssignment } from "../network/shell-file.ts";
import type { RunStep, Step, WriteFileStep } from "../plan.ts";
import type { NetworkFacts } from "./backend.ts";

const HOSTNAME_PATH = "/etc/hostname";
const HOSTS_PATH = "/etc/hosts";

/** Of SUSE before systemd (SUSE Linux Enterprise 11, boot.localnet); a link to /etc/hostname since. */
const SUSE_PATH = "/etc/HOSTNAME";

/** Of Red Hat's releases before 7, among other variables (initscripts, sysconfig.txt). */
const RED_HAT_PATH = "/etc/sysconfig/network";

/** Start script of those releases, which takes the name from there alone. */
const RED_HAT_SCRIPT = "/etc/rc.d/rc.sysinit";

/** Of OpenRC, where there is no /etc/hostname (OpenRC, init.d/hostname). */
const OPENRC_PATH = "/etc/conf.d/hostname";

/** Of FreeBSD, and read behind it; neither has /etc/hostname (rc.conf(5), "hostname"). */
const FREEBSD_PATH = "/etc/rc.conf";
const FREEBSD_LOCAL_PATH = "/etc/rc.conf.local";
const FREEBSD_PROGRAM = "/bin/freebsd-version";

/** The files that keep a host's name (hostname(5), hosts(5)). */
export const hostnameFiles: readonly string[] = [
  HOSTNAME_PATH,
  HOSTS_PATH,
  SUSE_PATH,
  RED_HAT_PATH,
  OPENRC_PATH,
  FREEBSD_PATH,
  FREEBSD_LOCAL_PATH,
];

const controls = ["/usr/bin/hostnamectl", "/bin/hostnamectl"];

/** Both are there when systemd-hostnamed can be asked; early in the start D-Bus is not. */
const hostnamed = ["/run/systemd/system", "/run/dbus/system_bus_socket"];

/** A link to /dev/null where an administrator has switched it off. */
const MASK_PATH = "/etc/systemd/system/systemd-hostnamed.service";

/** What tells where a host's name is kept, and by what. */
export const hostnameEvidence: readonly string[] = [
  ...controls,
  ...hostnamed,
  MASK_PATH,
  SUSE_PATH,
  RED_HAT_SCRIPT,
  FREEBSD_PROGRAM,
];

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

/**
 * The steps that make `hostname` the guest's name, in the kernel, in the files of its distribution and
 * in /etc/hosts.
 */
export function planHostname(hostname: string, facts: NetworkFacts): Step[] {
  const hosts = facts.files.get(HOSTS_PATH) ?? "";
  const kernel: Step[] = facts.hostname === hostname ? [] : [{ step: "setHostname", hostname }];
  const files = [
    ...planOldFiles(hostname, facts),
    ...writeChanged(HOSTS_PATH, hosts, renderHosts(hosts, { hostname, old: facts.hostname })),
  ];
  const own = keepsHostname(facts)
    ? writeChanged(HOSTNAME_PATH, facts.files.get(HOSTNAME_PATH), `${hostname}\n`)
    : [];
  if (own.length === 0 || !hasHostnamed(hostname, facts)) return [...own, ...files, ...kernel];
  // It writes the file itself, and tells NetworkManager and others; a file that is right already it
  // would take for no change. The kernel's name comes first, so that it is taken back last.
  return [...files, ...kernel, askHostnamed(hostname, facts), ...own];
}

/** Whether /etc/hostname is where the distribution looks: it is there, or nothing else is. */
function keepsHostname({ files, evidence }: NetworkFacts): boolean {
  const isOther = [RED_HAT_SCRIPT, FREEBSD_PROGRAM].some((path) => evidence.has(path));
  return files.has(HOSTNAME_PATH) || !(files.has(SUSE_PATH) || isOther);
}

/** Names with underscores are not for systemd (hostnamectl(1)); the kernel bears them. */
function hasHostnamed(hostname: string, { evidence }: NetworkFacts): boolean {
  return (
    controls.some((path) => evidence.has(path)) &&
    hostnamed.every((path) => evidence.has(path)) &&
    evidence.get(MASK_PATH)?.link !== "/dev/null" &&
    !hostname.includes("_")
  );
}

/** Static alone: the pretty name, which is another thing, stays (hostnamectl(1)). */
const setStatic = ["hostnamectl", "--static", "set-hostname"] as const;

function askHostnamed(hostname: string, { files }: NetworkFacts): RunStep {
  const lines = (files.get(HOSTNAME_PATH) ?? "").split("\n");
  const old = lines.find((line) => line.trim() !== "" && !line.startsWith("#"))?.trim() ?? "";
  return {
    step: "run",
    argv: [...setStatic, hostname],
    undo: [...setStatic, old],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: "Couldn't set hostname",
  };
}

/** Files of distributions that do not look into /etc/hostname, or did not always, where they are in use. */
function planOldFiles(hostname: string, { files, evidence }: NetworkFacts): WriteFileStep[] {
  const isRedHat = evidence.has(RED_HAT_SCRIPT) || /^HOSTNAME=/m.test(files.get(RED_HAT_PATH) ?? "");
  const local = files.get(FREEBSD_LOCAL_PATH) ?? "";
  const variables = [
    ...(isRedHat ? [[RED_HAT_PATH, "HOSTNAME", hostname] as const] : []),
    [OPENRC_PATH, "hostname", `"${hostname}"`] as const,
    ...(evidence.has(FREEBSD_PROGRAM) ? [[FREEBSD_PATH, "hostname", `"${hostname}"`] as const] : []),
    ...(/^hostname=/m.test(local) ? [[FREEBSD_LOCAL_PATH, "hostname", `"${hostname}"`] as const] : []),
  ];
  const suse = evidence.get(SUSE_PATH)?.link === undefined ? files.get(SUSE_PATH) : undefined;
  return [
    ...(suse === undefined ? [] : writeChanged(SUSE_PATH, suse, `${hostname}\n`)),
    ...variables.flatMap(([path, name, value]) => {
      const text = files.get(path);
      return text === undefined ? [] : writeChanged(path, text, setAssignment(text, name, value));
    }),
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
