import { XenstoreError, type XenstoreClient } from "@nova-agent/xenstore";
import { type DemoDomain, domainNodes, domainPath, outsidePaths } from "./domain-nodes.ts";

/**
 * Brings a domain into XenStore as a toolstack does: introduces it, and writes all its nodes in one
 * transaction. Rejects with a XenstoreError.
 */
export async function createDomain(xenstore: XenstoreClient, domain: DemoDomain): Promise<void> {
  // First, because a permission counts only for a domain that exists when it is set. There is no ring
  // page and no event channel: the guest comes through a socket.
  await xenstore.introduce({ domid: domain.domid, gfn: 1, port: 1 });
  await xenstore.transaction(async (transaction) => {
    for (const { path, value, permissions } of domainNodes(domain)) {
      await transaction.write(path, value);
      if (permissions !== undefined) await transaction.setPermissions(path, permissions);
    }
  });
}

/** Takes the domain out of XenStore, with all its nodes; nothing happens where it is gone already. */
export async function destroyDomain(xenstore: XenstoreClient, domain: DemoDomain): Promise<void> {
  await ignoring(["ENOENT", "EINVAL"], xenstore.release(domain.domid));
  for (const path of [domainPath(domain.domid), ...outsidePaths(domain)]) {
    await ignoring(["ENOENT"], xenstore.remove(path));
  }
}

async function ignoring(codes: readonly string[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof XenstoreError && codes.includes(error.code))) throw error;
  }
}
