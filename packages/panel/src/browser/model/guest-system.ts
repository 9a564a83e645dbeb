/** How a guest's system starts its services, by which it is known what to type in it. */
export const guestSystems = ["systemd", "openrc", "sysv", "freebsd", "windows", "unknown"] as const;

export type GuestSystem = (typeof guestSystems)[number];

const systemWords: Readonly<Record<GuestSystem, string>> = {
  systemd: "Linux with systemd",
  openrc: "Linux with OpenRC",
  sysv: "Linux with init scripts (SysV)",
  freebsd: "FreeBSD",
  windows: "Windows",
  unknown: "Another Linux, or not known",
};

export function systemName(system: GuestSystem): string {
  return systemWords[system];
}

/** Undefined for no system of this name, such as from a select. */
export function systemNamed(name: string): GuestSystem | undefined {
  return guestSystems.find((system) => system === name);
}

const openrcDistributions = ["alpine", "gentoo", "artix"];
const sysvDistributions = ["devuan", "slackware"];

/** Up to which release a distribution has init scripts. */
const lastWithScripts: ReadonlyMap<string, number> = new Map([
  ["centos", 6],
  ["rhel", 6],
  ["redhat", 6],
  ["oracle", 6],
  ["scientific", 6],
  ["amzn", 1],
  ["debian", 7],
  ["ubuntu", 14],
  ["sles", 11],
  ["suse", 11],
]);

/** From what a guest publishes; its words are its own and may say anything. */
export function guestSystemOf(
  os: { readonly name: string; readonly version: string; readonly distro: string } | null,
): GuestSystem {
  if (os === null) return "unknown";
  const told = `${os.distro} ${os.name}`.toLowerCase();
  if (told.includes("windows")) return "windows";
  if (told.includes("freebsd")) return "freebsd";
  const words = told.split(/[^a-z]+/u);
  if (openrcDistributions.some((name) => words.includes(name))) return "openrc";
  if (sysvDistributions.some((name) => words.includes(name))) return "sysv";
  const last = words.map((word) => lastWithScripts.get(word)).find((release) => release !== undefined);
  // Amazon counts by years, but for its first.
  const release = Number.parseInt(os.version, 10);
  return last !== undefined && release <= last ? "sysv" : told.trim() === "" ? "unknown" : "systemd";
}
