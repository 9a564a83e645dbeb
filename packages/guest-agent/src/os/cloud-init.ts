import { encodeUtf8 } from "@nova-agent/xenstore";
import type { WriteFileStep } from "../plan.ts";
import type { NetworkFacts } from "./backend.ts";

const PROGRAM = "/usr/bin/cloud-init";
const DISABLED_PATH = "/etc/cloud/cloud-init.disabled";
const MAIN_PATH = "/etc/cloud/cloud.cfg";
const DIRECTORY = "/etc/cloud/cloud.cfg.d/";
const COMMAND_LINE_PATH = "/proc/cmdline";

/** Read behind what distributions number, before what an administrator calls `99-z`. */
const NETWORK_PATH = `${DIRECTORY}99-nova-agent-network.cfg`;
const HOSTNAME_PATH = `${DIRECTORY}99-nova-agent-hostname.cfg`;

/** Paths that tell whether cloud-init runs in the guest. */
export const cloudInitEvidence: readonly string[] = [PROGRAM, DISABLED_PATH];

/** Files that say what it does. */
export const cloudInitFiles: readonly string[] = [MAIN_PATH, DIRECTORY, COMMAND_LINE_PATH];

/** What the agent brings about, and cloud-init should therefore leave alone. */
export interface Claimed {
  readonly hasNetwork: boolean;
  readonly hasHostname: boolean;
}

/**
 * The steps that keep cloud-init from writing another network or host name over those of the host: a
 * file of the agent's own each (cloud-init documentation, "Network configuration sources" and the
 * modules `set_hostname` and `update_hostname`). None where cloud-init does not run, or where somebody
 * has said already what it should do.
 */
export function planCloudInit({ hasNetwork, hasHostname }: Claimed, facts: NetworkFacts): WriteFileStep[] {
  if (!isActive(facts)) return [];
  const setsNetwork =
    !hasWord(facts, "network-config=disabled") && !settingsOf("network", facts).some(isOthers);
  return [
    ...(hasNetwork && setsNetwork ? writeOnce(NETWORK_PATH, "network: {config: disabled}", facts) : []),
    ...(hasHostname && setsHostname(facts) ? writeOnce(HOSTNAME_PATH, "preserve_hostname: true", facts) : []),
  ];
}

function isActive(facts: NetworkFacts): boolean {
  const isDisabled = facts.evidence.has(DISABLED_PATH) || hasWord(facts, "cloud-init=disabled");
  return facts.evidence.has(PROGRAM) && !isDisabled;
}

function hasWord({ files }: NetworkFacts, word: string): boolean {
  return (files.get(COMMAND_LINE_PATH) ?? "").split(/\s+/).includes(word);
}

/** `cloud.cfg` comes with the package and says `preserve_hostname: false`, which is nobody's decision. */
function setsHostname(facts: NetworkFacts): boolean {
  return !settingsOf("preserve_hostname", facts).some(
    (setting) => isOthers(setting) && (setting.path !== MAIN_PATH || /true/i.test(setting.value)),
  );
}

interface Setting {
  readonly path: string;
  /** The rest of its line. */
  readonly value: string;
}

/** Where a key stands at the top of a file, be it in YAML's block style or in JSON's. */
function settingsOf(key: string, { files }: NetworkFacts): Setting[] {
  const line = new RegExp(`^(?:\\{\\s*)?["']?${key}["']?\\s*:(.*)$`, "m");
  return [...files].flatMap(([path, text]) => {
    const isRead = path === MAIN_PATH || (path.startsWith(DIRECTORY) && path.endsWith(".cfg"));
    const value = isRead ? line.exec(text)?.[1] : undefined;
    return value === undefined ? [] : [{ path, value }];
  });
}

function isOthers({ path }: Setting): boolean {
  return path !== NETWORK_PATH && path !== HOSTNAME_PATH;
}

/** A file that is there is left as it is: somebody may have changed it. */
function writeOnce(path: string, setting: string, { files }: NetworkFacts): WriteFileStep[] {
  if (files.has(path)) return [];
  const text = `# Written by nova-agent, which sets this up itself\n${setting}\n`;
  return [{ step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: false }];
}
