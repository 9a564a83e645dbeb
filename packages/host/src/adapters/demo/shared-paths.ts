import { readdir, readlink, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isWithin } from "./mount-table.ts";
import type { SharedPath } from "./mounts.ts";

/** What the guest takes from the machine: programs and libraries, nothing that holds a setting. */
export interface MachineParts {
  readonly shared: readonly SharedPath[];
  /** Symbolic links that the guest has too, such as `/bin`. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly devices: readonly string[];
}

/** Where the guest finds the agent's code. */
export const GUEST_CODE = "/opt/nova-agent";

/** Where the guest finds Node that is not among the machine's programs. */
export const GUEST_NODE = "/opt/node";

/** What the guest takes from the machine besides the directories of /usr. */
export const TOP_DIRECTORIES = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives"];
const DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/**
 * Looks up what of this machine a guest can use. /usr itself stays the guest's own, so that it has a
 * /usr/local to itself. `layers` are directories laid out like `/` whose files the guest sees over the
 * machine's.
 */
export async function readMachineParts(layers: readonly string[] = []): Promise<MachineParts> {
  const names = await readdir("/usr");
  const candidates = [
    ...TOP_DIRECTORIES,
    ...names.filter((name) => name !== "local").map((name) => `/usr/${name}`),
  ];
  const shared: SharedPath[] = [];
  const links: { path: string; target: string }[] = [];
  for (const path of candidates) {
    const target = await readlink(path).catch(() => undefined);
    if (target !== undefined) links.push({ path, target });
    else if (await isDirectory(path)) shared.push(await layered(path, layers));
  }
  const devices: string[] = [];
  for (const path of DEVICES) if (await exists(path)) devices.push(path);
  return { shared, links, devices };
}

/** The Node executable as the guest finds it, and what must be shared for that. */
export async function readNodeProgram(
  executable: string,
  shared: readonly SharedPath[],
): Promise<{ readonly path: string; readonly shared: readonly SharedPath[] }> {
  const source = await realpath(executable);
  if (shared.some((path) => path.source === path.target && isWithin(source, path.source))) {
    return { path: source, shared: [] };
  }
  return { path: GUEST_NODE, shared: [{ source, target: GUEST_NODE }] };
}

async function layered(path: string, layers: readonly string[]): Promise<SharedPath> {
  const over: string[] = [];
  for (const layer of layers) if (await isDirectory(join(layer, path))) over.push(join(layer, path));
  return { source: path, target: path, ...(over.length > 0 && { layers: over }) };
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/**
 * The same parts with a /sbin of the guest's own, which can hold programs besides the machine's: where
 * it was one link to a directory it becomes links to all that is in it.
 */
export async function splitSbin(parts: MachineParts): Promise<MachineParts> {
  const sbin = parts.links.find(({ path }) => path === "/sbin");
  if (sbin === undefined) return parts;
  const directory = resolve("/", sbin.target);
  const names = await readdir(directory);
  const links = names.map((name) => ({ path: `/sbin/${name}`, target: `${directory}/${name}` }));
  return { ...parts, links: [...parts.links.filter((link) => link !== sbin), ...links] };
}
