import type { GuestNodes } from "./read-nodes.ts";

/** A volume of a guest. */
export interface GuestVolume {
  readonly name: string;
  /** Empty when it is not mounted. */
  readonly mount: string;
  readonly sizeBytes: number | null;
  readonly freeBytes: number | null;
  readonly filesystem: string;
}

/** A VIF of a guest with the addresses that its system has there. */
export interface GuestInterface {
  readonly vif: number;
  readonly name: string;
  /** In lower case; null where the toolstack names none. */
  readonly mac: string | null;
  readonly addresses: readonly string[];
}

/** What a guest tells of itself; all of it is what it claims, printable and bounded. */
export interface GuestReport {
  /** Whether xe-daemon, or another one that publishes the same, has told anything. */
  readonly isPublished: boolean;
  readonly os: { readonly name: string; readonly version: string; readonly distro: string } | null;
  readonly kernel: string | null;
  readonly memory: { readonly totalKib: number; readonly freeKib: number } | null;
  readonly volumes: readonly GuestVolume[];
  readonly interfaces: readonly GuestInterface[];
  /** Of the daemon that publishes. */
  readonly toolsVersion: string | null;
  readonly updatedAt: Date | null;
}

/** Reads the keys as xe-guest-utilities publishes them (xenstore-paths, "attr" and "data"). */
export function parseGuestReport(nodes: GuestNodes): GuestReport {
  const text = (path: string): string | null => nodes.get(path) ?? null;
  return {
    isPublished: text("data/updated") !== null || text("data/os_name") !== null || hasAttributes(nodes),
    os: parseOs(nodes),
    kernel: text("data/os_uname"),
    memory: parseMemory(nodes),
    volumes: indexesIn(nodes, "data/volumes").map((index) => parseVolume(nodes, `data/volumes/${index}`)),
    interfaces: parseInterfaces(nodes),
    toolsVersion: parseToolsVersion(nodes),
    updatedAt: parseUpdated(text("data/updated")),
  };
}

function hasAttributes(nodes: GuestNodes): boolean {
  return [...nodes.keys()].some((path) => path.startsWith("attr/"));
}

function parseOs(nodes: GuestNodes): GuestReport["os"] {
  const name = nodes.get("data/os_name");
  const distro = nodes.get("data/os_distro") ?? "";
  if (name === undefined && distro === "") return null;
  const numbers = ["data/os_majorver", "data/os_minorver"].map((path) => nodes.get(path) ?? "");
  return { name: name ?? distro, version: numbers.filter((part) => part !== "").join("."), distro };
}

function parseMemory(nodes: GuestNodes): GuestReport["memory"] {
  const totalKib = parseNumber(nodes.get("data/meminfo_total"));
  const freeKib = parseNumber(nodes.get("data/meminfo_free"));
  return totalKib === null || freeKib === null ? null : { totalKib, freeKib };
}

function parseVolume(nodes: GuestNodes, path: string): GuestVolume {
  const mounts = indexesIn(nodes, `${path}/mount_points`);
  return {
    name: nodes.get(`${path}/name`) ?? "",
    mount: nodes.get(`${path}/mount_points/${mounts[0] ?? 0}`) ?? "",
    sizeBytes: parseNumber(nodes.get(`${path}/size`)),
    freeBytes: parseNumber(nodes.get(`${path}/free`)),
    filesystem: nodes.get(`${path}/filesystem`) ?? "",
  };
}

function parseInterfaces(nodes: GuestNodes): readonly GuestInterface[] {
  const ofGuest = indexesIn(nodes, "attr/vif");
  const ofToolstack = indexesIn(nodes, "device/vif");
  const indexes = [...new Set([...ofGuest, ...ofToolstack])].toSorted((left, right) => left - right);
  return indexes.map((vif) => ({
    vif,
    name: nodes.get(`attr/vif/${vif}/name`) ?? `VIF ${vif}`,
    mac: nodes.get(`device/vif/${vif}/mac`)?.toLowerCase() ?? null,
    addresses: ["ipv4", "ipv6"].flatMap((family) => {
      const directory = `attr/vif/${vif}/${family}`;
      return indexesIn(nodes, directory).flatMap((slot) => nodes.get(`${directory}/${slot}`) ?? []);
    }),
  }));
}

function parseToolsVersion(nodes: GuestNodes): string | null {
  const parts = ["Major", "Minor", "Micro"].map((part) => nodes.get(`attr/PVAddons/${part}Version`));
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? null : known.join(".");
}

/** In UTC, as asctime(3) writes it: `Mon Nov 23 03:04:05 2026`; others write other things, or `1`. */
function parseUpdated(text: string | null): Date | null {
  if (text === null || !/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(text)) return null;
  const time = new Date(`${text} UTC`);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** The numbers that have something below a directory, in their order. */
function indexesIn(nodes: GuestNodes, directory: string): readonly number[] {
  const prefix = `${directory}/`;
  const names = [...nodes.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length).split("/", 1)[0] ?? "");
  const indexes = names.filter((name) => /^\d{1,4}$/.test(name)).map(Number);
  return [...new Set(indexes)].toSorted((left, right) => left - right);
}

function parseNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
