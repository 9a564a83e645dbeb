import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "./domains.ts";
import { parseVmPath, type GuestIdentity } from "./model/guest-identity.ts";
import { dataPath, replyPath, requestPath, vmPath } from "./model/guest-paths.ts";
import { isEmptyReply } from "./model/reply.ts";

/** A request and its reply in the tree of one domain. */
export interface RequestNodes {
  readonly domid: number;
  readonly id: string;
}

/** `answered`: a reply is there already; `elsewhere`: the domain is gone, or another guest's by now. */
export type Placement = "written" | "answered" | "elsewhere";

/**
 * Writes the request, in a transaction: a domid may pass to another guest at any moment, and that one
 * must not find it.
 */
export async function writeRequest(
  xenstore: XenstoreClient,
  options: RequestNodes & { readonly guest: GuestIdentity; readonly bytes: Uint8Array },
): Promise<Placement> {
  const { domid, id, guest, bytes } = options;
  return xenstore.transaction(async (transaction) => {
    const vm = (await ifPresent(transaction.readText(vmPath(domid)))) ?? "";
    if (parseVmPath(vm) !== guest.uuid || !(await transaction.exists(dataPath(domid)))) return "elsewhere";
    if (await transaction.exists(replyPath(domid, id))) return "answered";
    await transaction.write(requestPath(domid, id), bytes);
    return "written";
  });
}

/** The reply, which stays where it is; undefined when there is none yet. */
export async function readReply(
  xenstore: XenstoreClient,
  { domid, id }: RequestNodes,
): Promise<Uint8Array | undefined> {
  const bytes = await ifPresent(xenstore.read(replyPath(domid, id)));
  return bytes === undefined || isEmptyReply(bytes) ? undefined : bytes;
}

/** Removes the reply: nobody else does it, and a guest has room for some fifty. */
export async function removeReply(xenstore: XenstoreClient, { domid, id }: RequestNodes): Promise<void> {
  await ifPresent(xenstore.remove(replyPath(domid, id)));
}

/**
 * Removes the request; false when it was not there any more. In a transaction, so that it is certain
 * whether the guest had taken it.
 */
export async function withdrawRequest(
  xenstore: XenstoreClient,
  { domid, id }: RequestNodes,
): Promise<boolean> {
  const path = requestPath(domid, id);
  return xenstore.transaction(async (transaction) => {
    const isThere = await transaction.exists(path);
    if (isThere) await transaction.remove(path);
    return isThere;
  });
}
