import { readAssignments } from "../../network/shell-file.ts";
import type { NetworkFacts } from "../backend.ts";

/** Where initscripts and NetworkManager's plugin look (sysconfig.txt of initscripts). */
export const SCRIPTS_DIRECTORY = "/etc/sysconfig/network-scripts/";

/** The files of one interface. */
export interface DeviceFiles {
  /** What stands behind `ifcfg-`; the route files have it too. */
  readonly suffix: string;
  readonly path: string;
  /** Undefined when there is no file yet. */
  readonly text: string | undefined;
  /** Others that configure the same interface or an alias of it, and routes that belong to none of these. */
  readonly leftovers: readonly string[];
}

/** What both readers pass over: packages' and editors' copies, and the agent's backups. */
const ignoredName = /(~|\.(bak|orig|rej|rpmnew|rpmsave|rpmorig|augnew|augtmp))$/;

/** A variable of an ifcfg file, empty when it is not set, which means the same. */
export function variableOf(text: string, name: string): string {
  return readAssignments(text).get(name)?.[0] ?? "";
}

interface Device {
  readonly name: string;
  readonly mac: string;
}

/**
 * The file that configures an interface: by name, else one that names it by `DEVICE` or `HWADDR`, as
 * NetworkManager calls them after connections, else a new one.
 */
export function deviceFiles(device: Device, { files }: Pick<NetworkFacts, "files">): DeviceFiles {
  const { name } = device;
  const named = suffixesOf(files, "ifcfg-").map((suffix) => {
    const text = files.get(`${SCRIPTS_DIRECTORY}ifcfg-${suffix}`) ?? "";
    return { suffix, of: deviceOf(device, { suffix, text }) };
  });
  const own = named.filter((each) => each.of === name).map((each) => each.suffix);
  const isFree = !named.some((each) => each.suffix === name);
  const suffix = own.find((each) => each === name) ?? own[0] ?? (isFree ? name : `${name}-nova-agent`);
  // `eth0:1` is an alias, `eth0-range0` a row of them (ifup-aliases).
  const isRelated = (of: string) =>
    of === name || of.startsWith(`${name}:`) || of.startsWith(`${name}-range`);
  const others = named.filter((each) => isRelated(each.of) && each.suffix !== suffix);
  const stale = staleRoutes(files, { name, suffix, others: others.map((each) => each.suffix) });
  const path = `${SCRIPTS_DIRECTORY}ifcfg-${suffix}`;
  const leftovers = [...others.map((each) => `${SCRIPTS_DIRECTORY}ifcfg-${each.suffix}`), ...stale];
  return { suffix, path, text: files.get(path), leftovers };
}

/** What stands behind a prefix in the names of the directory's files. */
function suffixesOf(files: ReadonlyMap<string, string>, prefix: string): string[] {
  const start = SCRIPTS_DIRECTORY + prefix;
  const paths = [...files.keys()].filter((path) => path.startsWith(start) && !ignoredName.test(path));
  return paths.map((path) => path.slice(start.length)).sort();
}

/** The interface or alias that a file is of. Without `DEVICE` it is found by `HWADDR`, else by the file's name. */
function deviceOf(
  { name, mac }: Device,
  { suffix, text }: { readonly suffix: string; readonly text: string },
): string {
  const value = (key: string) => variableOf(text, key);
  if (value("DEVICE") !== "") return value("DEVICE");
  const isEthernet = ["", "Ethernet"].includes(value("TYPE"));
  return isEthernet && value("HWADDR").toLowerCase() === mac ? name : suffix;
}

/** Route files under names that no longer count, such as earlier agents' `route-eth0:1`. */
function staleRoutes(
  files: ReadonlyMap<string, string>,
  { name, suffix, others }: { readonly name: string; readonly suffix: string; readonly others: string[] },
): string[] {
  const isStale = (each: string) =>
    each !== suffix && (each === name || each.startsWith(`${name}:`) || others.includes(each));
  const paths = ["route-", "route6-"].flatMap((prefix) =>
    suffixesOf(files, prefix)
      .filter(isStale)
      .map((each) => SCRIPTS_DIRECTORY + prefix + each),
  );
  const oldest = `${SCRIPTS_DIRECTORY}${suffix}.route`;
  return files.has(oldest) ? [...paths, oldest] : paths;
}
