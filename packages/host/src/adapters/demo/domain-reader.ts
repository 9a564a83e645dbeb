import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "../../domains.ts";
import { domainPath } from "./domain-nodes.ts";

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
  await visit(`${domainPath(domid)}/vm-data`, "");
  return found;
}
