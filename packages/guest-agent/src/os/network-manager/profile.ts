import { parseMac } from "../../network/mac.ts";
import type { Vif } from "../../network/wanted-network.ts";
import { type IniSection, parseIni, valueOf } from "../../ini-file.ts";

/** Where an administrator's keyfiles are, and the agent's (nm-settings-keyfile(5)). */
export const OWN_DIRECTORY = "/etc/NetworkManager/system-connections/";

/** Profiles that are gone at the next start of the guest, such as netplan's, and those of packages. */
export const profileDirectories: readonly string[] = [
  OWN_DIRECTORY,
  "/run/NetworkManager/system-connections/",
  "/usr/lib/NetworkManager/system-connections/",
];

/** A connection profile in a keyfile, for wired links. */
export interface Profile {
  readonly path: string;
  readonly sections: readonly IniSection[];
  /** Empty where the file names none and NetworkManager makes one up. */
  readonly uuid: string;
  /** The profile is for this interface only. */
  readonly interfaceName: string | undefined;
  /** The profile is for the card with this MAC address only; lower case with colons. */
  readonly mac: string | undefined;
  /** Of profiles that would do, NetworkManager brings the one with the highest up by itself. */
  readonly priority: number;
  readonly isAutomatic: boolean;
  /** Makes its link a part of a bond, bridge or team. */
  readonly isPort: boolean;
}

/** The keyfiles of wired links among the files that were read. */
export function readProfiles(files: ReadonlyMap<string, string>): Profile[] {
  return [...files].flatMap(([path, text]) => {
    const directory = profileDirectories.find((each) => path.startsWith(each));
    const isIgnored = /^\.|~$/.test(path.slice(path.lastIndexOf("/") + 1));
    const profile = directory === undefined || isIgnored ? undefined : parseProfile(path, text);
    return profile === undefined ? [] : [profile];
  });
}

/** Sections had longer names before; NetworkManager reads both. */
export const ethernetSections: readonly string[] = ["ethernet", "802-3-ethernet"];

function parseProfile(path: string, text: string): Profile | undefined {
  const sections = parseIni(text);
  const get = (key: string) => valueOf(sections, { section: "connection", key });
  if (!ethernetSections.includes(get("type") ?? "")) return undefined;
  const mac = ethernetSections
    .map((section) => valueOf(sections, { section, key: "mac-address" }))
    .find((value) => value !== undefined && value !== "");
  return {
    path,
    sections,
    uuid: get("uuid") ?? "",
    interfaceName: get("interface-name"),
    mac: parseMac(mac ?? ""),
    priority: Number.parseInt(get("autoconnect-priority") ?? "0", 10) || 0,
    isAutomatic: !/^(false|no|0)$/i.test(get("autoconnect") ?? ""),
    isPort: ["master", "controller", "slave-type", "port-type"].some((key) => get(key) !== undefined),
  };
}

/** Whether NetworkManager may use the profile for a VIF. */
export function allows({ interfaceName, mac }: Profile, vif: Vif): boolean {
  const isOther = mac !== undefined && mac !== vif.mac;
  return !isOther && (interfaceName === undefined || interfaceName === "" || interfaceName === vif.name);
}

/** Whether the profile is a VIF's own: it names the interface or its MAC address and is for the link itself. */
export function names(profile: Profile, vif: Vif): boolean {
  const { interfaceName, mac, isPort } = profile;
  return allows(profile, vif) && !isPort && (interfaceName === vif.name || mac === vif.mac);
}

/**
 * The UUID of the agent's own profile of a VIF: the same one for the same MAC address at all times
 * (RFC 9562, section 5.8, the form for everybody's own use; it begins with the ASCII codes of `nova-a`).
 */
export function ownUuid(mac: string): string {
  return `6e6f7661-2d61-8000-8000-${mac.replaceAll(":", "")}`;
}
