import { existsSync, linkSync, lstatSync, renameSync, rmSync, type Stats } from "node:fs";
import { XenstoreError } from "../errors.ts";
import { CLAIM_ATTEMPTS_MAX } from "../limits.ts";
import { isServed } from "./is-served.ts";

/**
 * Gives a socket that is served as `own` its real name, `path`, unless a process serves there already:
 * EBUSY. EEXIST when what stands there is no socket. One that nobody serves any more is replaced. Of any
 * number of processes that try at once, one succeeds: only `link` decides, which never replaces.
 */
export async function claimSocket({
  own,
  path,
}: {
  readonly own: string;
  readonly path: string;
}): Promise<void> {
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS_MAX; attempt += 1) {
    if (tryLink(own, path)) return rmSync(own);
    // Whoever has the directory removed it as something left behind.
    if (!existsSync(own)) break;
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    requireSocket(path, found);
    if (await isServed(path)) break;
    removeDead({ path, found, aside: `${own}~` });
  }
  throw new XenstoreError("EBUSY", `Cannot serve XenStore at "${path}": another process does`);
}

/** Throws EEXIST for what is no socket: it may be precious. */
export function requireSocket(path: string, found: Stats): void {
  if (!found.isSocket()) throw new XenstoreError("EEXIST", `Cannot serve at "${path}": it is no socket`);
}

/** False when something stands there, or `own` is gone. */
function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
}

/** Another process may have put a living socket there since it was looked at: that one is put back. */
function removeDead(dead: { readonly path: string; readonly found: Stats; readonly aside: string }): void {
  const { path, found, aside } = dead;
  try {
    renameSync(path, aside);
  } catch {
    // Another process was quicker: the next attempt shows what came of it.
    return;
  }
  if (lstatSync(aside).ino !== found.ino) tryLink(aside, path);
  rmSync(aside);
}
