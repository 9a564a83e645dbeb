import type { WantedNetwork } from "../../network/wanted-network.ts";
import type { Step } from "../../plan.ts";
import type { Claim, NetworkBackend, NetworkFacts } from "../backend.ts";
import { planResolvConf, RESOLV_CONF_PATH, resolverEvidence } from "../resolv-conf.ts";
import { deviceFiles, SCRIPTS_DIRECTORY, variableOf } from "./device-files.ts";
import { GLOBAL_PATH, isFalse, planGlobalFile } from "./global-file.ts";
import { planLink } from "./link.ts";
import type { Runner } from "./render.ts";

/** Of initscripts or of network-scripts, where NetworkManager brings an ifup of its own. */
const SCRIPTS_PROGRAM = "/etc/sysconfig/network-scripts/ifup-eth";

/** The plugin lies in a folder named after NetworkManager's version since 1.12; its bus policy does not. */
const pluginPaths = [
  "/usr/share/dbus-1/system.d/nm-ifcfg-rh.conf",
  "/etc/dbus-1/system.d/nm-ifcfg-rh.conf",
  "/usr/lib64/NetworkManager/libnm-settings-plugin-ifcfg-rh.so",
  "/usr/lib/NetworkManager/libnm-settings-plugin-ifcfg-rh.so",
];

const networkManagerRuns = ["/run/NetworkManager", "/var/run/NetworkManager"];

/** Where NetworkManager is started at boot. */
const networkManagerStarts = [
  "/etc/systemd/system/multi-user.target.wants/NetworkManager.service",
  "/etc/rc.d/rc3.d/S23NetworkManager",
];

const NETWORK_MANAGER_CONF = "/etc/NetworkManager/NetworkManager.conf";
const NETWORK_MANAGER_CONF_DIRECTORY = "/etc/NetworkManager/conf.d/";

/**
 * The ifcfg files of Red Hat's family, which initscripts (sysconfig.txt) and NetworkManager's plugin
 * (nm-settings-ifcfg-rh(5)) read.
 */
export const ifcfg: NetworkBackend = {
  name: "ifcfg",
  evidence: [
    SCRIPTS_PROGRAM,
    ...pluginPaths,
    ...networkManagerRuns,
    ...networkManagerStarts,
    ...resolverEvidence,
  ],
  filesToRead: () => [
    SCRIPTS_DIRECTORY,
    GLOBAL_PATH,
    NETWORK_MANAGER_CONF,
    NETWORK_MANAGER_CONF_DIRECTORY,
    RESOLV_CONF_PATH,
  ],
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  const hasScripts = facts.evidence.has(SCRIPTS_PROGRAM);
  if (!hasScripts && !hasPlugin(facts)) return "no";
  if (facts.vifs.some((vif) => deviceFiles(vif, facts).text !== undefined)) return "yes";
  // Where NetworkManager runs, an interface without such a file gets one of its own format.
  return hasScripts && !hasNetworkManager(facts) ? "could" : "no";
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  if (wanted.interfaces.length === 0) return [];
  const isNetworkManagerRunning = networkManagerRuns.some((path) => facts.evidence.has(path));
  const links = wanted.interfaces.map((each) => {
    const runner = runnerOf(deviceFiles(each, facts).text ?? "", facts);
    return planLink(each, facts, { runner, isNetworkManagerRunning });
  });
  return [
    ...links.flatMap((link) => link.before),
    ...links.flatMap((link) => link.files),
    ...planGlobalFile(wanted, facts),
    ...links.flatMap((link) => link.after),
    // NetworkManager writes the resolver's file; of initscripts the interface that comes up last does.
    ...(hasNetworkManager(facts) ? [] : planResolvConf(wanted, facts)),
  ];
}

/** Who reads an interface's file: NetworkManager unless the file says no and there is someone else. */
function runnerOf(text: string, facts: NetworkFacts): Runner {
  if (!facts.evidence.has(SCRIPTS_PROGRAM)) return "NetworkManager";
  const isRefused = isFalse(variableOf(text, "NM_CONTROLLED"));
  return hasPlugin(facts) && hasNetworkManager(facts) && !isRefused ? "NetworkManager" : "network";
}

/** Whether NetworkManager runs or will, once the guest has started. */
function hasNetworkManager({ evidence }: NetworkFacts): boolean {
  return [...networkManagerRuns, ...networkManagerStarts].some((path) => evidence.has(path));
}

/** Whether the plugin is there and none of NetworkManager's files names other plugins (NetworkManager.conf(5)). */
function hasPlugin({ evidence, files }: NetworkFacts): boolean {
  const texts = [...files].filter(([path]) => isNetworkManagerConf(path)).map(([, text]) => text);
  const lists = texts.flatMap((text) => [...text.matchAll(/^\s*plugins\s*=(.*)$/gm)].map(([, list]) => list));
  const isLeftOut = lists.some((list) => !list?.includes("ifcfg-rh"));
  return pluginPaths.some((path) => evidence.has(path)) && !isLeftOut;
}

function isNetworkManagerConf(path: string): boolean {
  if (path === NETWORK_MANAGER_CONF) return true;
  return path.startsWith(NETWORK_MANAGER_CONF_DIRECTORY) && path.endsWith(".conf");
}
