import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "./domains.ts";
import { domainPath, vmPath } from "./model/guest-paths.ts";

/** The text of every node below the domain's `vm-data`, by path; a directory without text is none. */
export async function readVmData(xenstore: XenstoreClient, domid: number): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = async (directory: string, prefix: string): Promise<void> => {
    for (const name of (await ifPresent(xenstore.list(directory))) ?? []) {
      const path = `${directory}/${name}`;
      const text = await ifPresent(xenstore.readText(path));
      if (text !== undefined && text !== "") found[prefix + name] = text;
      await visit(path, `${prefix}${name}/`);
    }
  };
  await visit(vmDataPath(domid), "");
  return found;
}

/**
 * Writes what a new domain shall have in `vm-data`, all at once: text by path below it. The guest may read
 * it, and what is written there later by Dom0 too (xenstore.txt, "WRITE"). For a domain that has ended
 * nothing is written: throws ENOENT then.
 */
export async function writeVmData(
  xenstore: XenstoreClient,
  domid: number,
  vmData: Readonly<Record<string, string>>,
): Promise<void> {
  const root = vmDataPath(domid);
  const owner = { domid: 0, read: false, write: false };
  const guest = { domid, read: true, write: false };
  await xenstore.transaction(async (transaction) => {
    await transaction.read(vmPath(domid));
    await transaction.write(root, "");
    await transaction.setPermissions(root, [owner, guest]);
    for (const [path, text] of Object.entries(vmData)) await transaction.write(`${root}/${path}`, text);
  });
}

function vmDataPath(domid: number): string {
  return `${domainPath(domid)}/vm-data`;
}
