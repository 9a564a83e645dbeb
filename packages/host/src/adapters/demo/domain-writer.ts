import type { DemoVif } from "./guest-files.ts";
import { XenstoreError, type XenstoreClient } from "@nova-agent/xenstore";
import {
  type DomainNode,
  type GuestDomain,
  domainNodes,
  domainPath,
  outsidePaths,
  vifNodes,
  vifPaths,
} from "./domain-nodes.ts";

/**
 * Brings a domain into XenStore as a toolstack does: introduces it, and writes all its nodes in one
 * transaction. Rejects with a XenstoreError.
 */
export async function createDomain(xenstore: XenstoreClient, domain: GuestDomain): Promise<void> {
  // First, because a permission counts only for a domain that exists when it is set. There is no ring
  // page and no event channel: the guest comes through a socket.
  await xenstore.introduce({ domid: domain.domid, gfn: 1, port: 1 });
  await writeNodes(xenstore, domainNodes(domain));
}

/** Adds a network card's nodes to a domain. */
export function addVif(xenstore: XenstoreClient, vif: DemoVif, domid: number): Promise<void> {
  return writeNodes(xenstore, vifNodes(vif, domid));
}

/** Removes a network card's nodes; nothing happens where they are gone already. */
export async function removeVif(xenstore: XenstoreClient, vif: DemoVif, domid: number): Promise<void> {
  const { frontend, backend } = vifPaths(vif, domid);
  for (const path of [frontend, backend]) await ignoring(["ENOENT"], xenstore.remove(path));
}

/** Takes the domain out of XenStore, with all its nodes; nothing happens where it is gone already. */
export async function destroyDomain(xenstore: XenstoreClient, domain: GuestDomain): Promise<void> {
  await ignoring(["ENOENT", "EINVAL"], xenstore.release(domain.domid));
  for (const path of [domainPath(domain.domid), ...outsidePaths(domain)]) {
    await ignoring(["ENOENT"], xenstore.remove(path));
  }
}

function writeNodes(xenstore: XenstoreClient, nodes: readonly DomainNode[]): Promise<void> {
  return xenstore.transaction(async (transaction) => {
    for (const { path, value, permissions } of nodes) {
      await transaction.write(path, value);
      if (permissions !== undefined) await transaction.setPermissions(path, permissions);
    }
  });
}

async function ignoring(codes: readonly string[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof XenstoreError && codes.includes(error.code))) throw error;
  }
}
