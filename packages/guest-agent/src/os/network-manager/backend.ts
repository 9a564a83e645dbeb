import { encodeUtf8 } from "@nova-agent/xenstore";
import { APPLY_TIMEOUT_MS, AUTOCONNECT_PRIORITY_MAX, INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import { parseMac } from "../../network/mac.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { Step } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { meaningOf, parseIni, renderIni, valueOf } from "../../ini-file.ts";
import { hasPlugin, pluginEvidence, pluginFiles } from "../../network/ifcfg-plugin.ts";
import { interfaceNumberFile, stateOf } from "../../network/interface-number.ts";
import { placeNameServers } from "../../network/name-servers.ts";
import { markPending, pendingPath } from "../../network/pending.ts";
import {
  allows,
  names,
  OWN_DIRECTORY,
  ownUuid,
  type Profile,
  profileDirectories,
  readProfiles,
} from "./profile.ts";
import { mergeProfile, newProfile } from "./render.ts";

const NAME = "network-manager";
const programs = ["/usr/sbin/NetworkManager", "/usr/bin/NetworkManager"];

/** One file a device, by its number: what NetworkManager keeps for its own next start. */
const DEVICE_STATES = "/run/NetworkManager/devices/";

/** That it runs, and that it will at the next start of the guest. */
const signs = [
  DEVICE_STATES.slice(0, -1),
  "/etc/systemd/system/multi-user.target.wants/NetworkManager.service",
  "/etc/runlevels/default/NetworkManager",
];

/** What the plugin ifcfg-rh reads in place of keyfiles, a back end's of its own. */
const IFCFG_PREFIX = "/etc/sysconfig/network-scripts/ifcfg-";

/** NetworkManager with profiles in keyfiles (nm-settings-keyfile(5)), not those that netplan makes. */
export const networkManager: NetworkBackend = {
  name: NAME,
  evidence: [...programs, ...signs, ...pluginEvidence],
  filesToRead: (vifs) => [
    ...profileDirectories,
    ...vifs.map(({ name }) => interfaceNumberFile(name)),
    DEVICE_STATES,
    `${IFCFG_PREFIX}*`,
    ...pluginFiles,
    pendingPath(NAME),
  ],
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  if (!programs.some((path) => facts.evidence.has(path))) return "no";
  const claims = facts.vifs.map((vif) => claimVif(vif, facts));
  if (claims.length === 0) return hasSign(facts) ? "could" : "no";
  return claims.find((claim) => claim === "yes") ?? claims.find((claim) => claim === "could") ?? "no";
}

function hasSign({ evidence }: NetworkFacts): boolean {
  return signs.some((path) => evidence.has(path));
}

/** The device's state counts before what lies in files. */
function claimVif(vif: Vif, facts: NetworkFacts): Claim {
  const { isManaged, uuid } = deviceState(vif, facts);
  if (isManaged === false) return "no";
  const profiles = readProfiles(facts.files);
  const active = profiles.find((profile) => uuid !== undefined && profile.uuid === uuid);
  if (active !== undefined) return isNetplans(active) ? "no" : "yes";
  const isNamed = profiles.some((profile) => names(profile, vif) && !isNetplans(profile));
  if (hasIfcfg(vif, facts) && (uuid !== undefined || !isNamed)) return "no";
  if (isManaged === true || (isNamed && hasSign(facts))) return "yes";
  return isNamed || hasSign(facts) ? "could" : "no";
}

interface DeviceState {
  /** Undefined where NetworkManager says nothing: it does not run, or has not come to the device. */
  readonly isManaged: boolean | undefined;
  /** Of the profile that is up on the device. */
  readonly uuid: string | undefined;
}

function deviceState({ name }: Pick<Vif, "name">, facts: NetworkFacts): DeviceState {
  const sections = parseIni(stateOf(name, { directory: DEVICE_STATES, files: facts.files }) ?? "");
  const get = (key: string) => valueOf(sections, { section: "device", key });
  const managed = get("managed");
  return {
    isManaged: managed === undefined ? undefined : managed === "true",
    uuid: get("connection-uuid"),
  };
}

function isNetplans({ path }: Profile): boolean {
  return path.startsWith("/run/") && path.includes("/netplan-");
}

/** Whether the plugin has a file for the VIF, by its name or by what it says; without it such a file is a leftover. */
function hasIfcfg({ name, mac }: Vif, facts: NetworkFacts): boolean {
  if (!hasPlugin(facts)) return false;
  return [...facts.files].some(([path, text]) => {
    if (!path.startsWith(IFCFG_PREFIX)) return false;
    const get = (key: string) =>
      valueOf(parseIni(text), { section: "", key })?.replaceAll(/^["']|["']$/g, "") ?? "";
    return path === IFCFG_PREFIX + name || get("DEVICE") === name || parseMac(get("HWADDR")) === mac;
  });
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const isPending = facts.files.has(pendingPath(NAME));
  const interfaces = placeNameServers(wanted.interfaces);
  const steps = interfaces.flatMap((each) => planInterface(each, { facts, isPending }));
  return steps.length === 0 ? [] : markPending(NAME, steps);
}

/** The profile that a VIF has, or is to have. */
interface Target extends Pick<Profile, "path" | "sections" | "uuid"> {
  /** The file as it stands, empty for one that is not there. */
  readonly text: string;
}

function planInterface(
  wanted: WantedInterface,
  { facts, isPending }: { readonly facts: NetworkFacts; readonly isPending: boolean },
): Step[] {
  const vif = { ...wanted, index: 0 };
  const profiles = readProfiles(facts.files);
  const target = targetOf(vif, { profiles, facts });
  const { uuid } = target;
  const rivals = profiles.filter(
    (each) => each.path !== target.path && each.isAutomatic && allows(each, vif),
  );
  const priority = priorityOver(target, [
    ...rivals.map((each) => each.priority),
    ...(hasIfcfg(vif, facts) ? [0] : []),
  ]);
  const merged = mergeProfile(target.sections, { wanted, priority, uuid });
  const isSame = meaningOf(merged) === meaningOf(parseIni(target.text));
  if (isSame && !isPending && isSoInKernel(wanted, facts)) return [];
  const old = deviceState(vif, facts).uuid;
  return [
    ...(old === undefined ? [] : [whenTakenBack(["nmcli", "connection", "up", "uuid", old])]),
    // Also forgets a profile whose file is gone again.
    whenTakenBack(["nmcli", "connection", "load", target.path]),
    ...(isSame ? [] : [writeProfile(target.path, renderIni(merged))]),
    {
      step: "run",
      argv: ["nmcli", "connection", "load", target.path],
      timeoutMs: INTERFACE_TIMEOUT_MS,
      failure: `Error starting network: ${wanted.name}: "${target.path}" was not read`,
    },
    {
      step: "run",
      argv: ["nmcli", "connection", "up", "uuid", uuid],
      timeoutMs: INTERFACE_TIMEOUT_MS,
      failure: `Error starting network: ${wanted.name}`,
    },
  ];
}

interface Search {
  readonly profiles: readonly Profile[];
  readonly facts: NetworkFacts;
}

/** The profile of the VIF in /etc: the one that is up, else the agent's, else the one that would come up. */
function targetOf(vif: Vif, { profiles, facts }: Search): Target {
  const { uuid } = deviceState(vif, facts);
  const own = ownUuid(vif.mac);
  const rank = (profile: Profile) => (profile.uuid === uuid ? 0 : profile.uuid === own ? 1 : 2);
  const [found] = profiles
    .filter((profile) => profile.path.startsWith(OWN_DIRECTORY) && names(profile, vif))
    .sort((a, b) => rank(a) - rank(b) || b.priority - a.priority || (a.path < b.path ? -1 : 1));
  if (found) {
    return { ...found, uuid: found.uuid === "" ? own : found.uuid, text: facts.files.get(found.path) ?? "" };
  }
  // The agent's own of an interface that has another name now stands under its UUID.
  const path =
    profiles.find((profile) => profile.uuid === own)?.path ??
    `${OWN_DIRECTORY}nova-agent-${vif.name}.nmconnection`;
  return { path, sections: newProfile(vif), uuid: own, text: facts.files.get(path) ?? "" };
}

/** The priority with which a profile comes up before its rivals; its own where that is enough. */
function priorityOver({ sections }: Target, rivals: readonly number[]): number {
  const own = Number(valueOf(sections, { section: "connection", key: "autoconnect-priority" }) ?? 0) || 0;
  return Math.min(Math.max(own, ...rivals.map((each) => each + 1)), AUTOCONNECT_PRIORITY_MAX);
}

/** Without a backup: NetworkManager takes every file of the directory for a profile. */
function writeProfile(path: string, text: string): Step {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o600, backup: false };
}

function whenTakenBack(argv: readonly [string, ...string[]]): Step {
  return { step: "whenTakenBack", argv, timeoutMs: APPLY_TIMEOUT_MS };
}
