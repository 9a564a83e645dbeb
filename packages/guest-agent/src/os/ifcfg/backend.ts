import { hasPlugin, pluginEvidence, pluginFiles } from "../../network/ifcfg-plugin.ts";
import { interfaceNumberFile, stateOf } from "../../network/interface-number.ts";
import { markPending, pendingPath } from "../../network/pending.ts";
import type { WantedNetwork } from "../../network/wanted-network.ts";
import type { Step } from "../../plan.ts";
import type { Claim, NetworkBackend, NetworkFacts } from "../backend.ts";
import { planResolvConf, RESOLV_CONF_PATH, resolverEvidence } from "../resolv-conf.ts";
import { deviceFiles, SCRIPTS_DIRECTORY, variableOf } from "./device-files.ts";
import { GLOBAL_PATH, isFalse, planGlobalFile } from "./global-file.ts";
import { planLink } from "./link.ts";
import type { Runner } from "./render.ts";

const NAME = "ifcfg";

/** Of initscripts or of network-scripts, where NetworkManager brings an ifup of its own. */
const SCRIPTS_PROGRAM = "/etc/sysconfig/network-scripts/ifup-eth";

const networkManagerRuns = ["/run/NetworkManager", "/var/run/NetworkManager"];

/** Where NetworkManager is started at boot. */
const networkManagerStarts = [
  "/etc/systemd/system/multi-user.target.wants/NetworkManager.service",
  "/etc/rc.d/rc3.d/S23NetworkManager",
];

/** Where NetworkManager keeps for its own next start what is up on a device. */
const DEVICE_STATES = "/run/NetworkManager/devices/";

/**
 * The ifcfg files of Red Hat's family, which initscripts (sysconfig.txt) and NetworkManager's plugin
 * (nm-settings-ifcfg-rh(5)) read.
 */
export const ifcfg: NetworkBackend = {
  name: NAME,
  evidence: [
    SCRIPTS_PROGRAM,
    ...pluginEvidence,
    ...networkManagerRuns,
    ...networkManagerStarts,
    ...resolverEvidence,
  ],
  filesToRead: (vifs) => [
    ...["ifcfg-*", "route-*", "route6-*", "*.route"].map((name) => SCRIPTS_DIRECTORY + name),
    GLOBAL_PATH,
    RESOLV_CONF_PATH,
    ...pluginFiles,
    ...vifs.map(({ name }) => interfaceNumberFile(name)),
    DEVICE_STATES,
    pendingPath(NAME),
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
  const isPending = facts.files.has(pendingPath(NAME));
  const links = wanted.interfaces.map((each) => {
    const state = stateOf(each.name, { directory: DEVICE_STATES, files: facts.files }) ?? "";
    const runner = runnerOf(deviceFiles(each, facts).text ?? "", { facts, state });
    const activeUuid = /^connection-uuid=(\S+)$/m.exec(state)?.[1];
    return planLink(each, { facts, runner, isNetworkManagerRunning, activeUuid, isPending });
  });
  const steps = [
    ...links.flatMap((link) => link.before),
    ...links.flatMap((link) => link.files),
    ...planGlobalFile(wanted, facts),
    ...links.flatMap((link) => link.after),
    // NetworkManager writes the resolver's file; of initscripts the interface that comes up last does.
    ...(hasNetworkManager(facts) ? [] : planResolvConf(wanted, facts)),
  ];
  return steps.some(({ step }) => step === "run") || isPending ? markPending(NAME, steps) : steps;
}

interface RunnerFacts {
  readonly facts: NetworkFacts;
  /** NetworkManager's of the device, empty when there is none. */
  readonly state: string;
}

/** Who reads an interface's file: NetworkManager unless it is told not to and there is someone else. */
function runnerOf(text: string, { facts, state }: RunnerFacts): Runner {
  if (!facts.evidence.has(SCRIPTS_PROGRAM)) return "NetworkManager";
  const isRefused = isFalse(variableOf(text, "NM_CONTROLLED")) || /^managed=false$/m.test(state);
  return hasPlugin(facts) && hasNetworkManager(facts) && !isRefused ? "NetworkManager" : "network";
}

/** Whether NetworkManager runs or will, once the guest has started. */
function hasNetworkManager({ evidence }: NetworkFacts): boolean {
  return [...networkManagerRuns, ...networkManagerStarts].some((path) => evidence.has(path));
}
