import type { XenstoreClient } from "@nova-agent/xenstore";

/** A domid above the last one and above every domain that XenStore knows: Xen does not soon use one twice either. */
export async function nextDomid(xenstore: XenstoreClient, last: number): Promise<number> {
  const names = (await xenstore.exists("/local/domain")) ? await xenstore.list("/local/domain") : [];
  const taken = names.map(Number).filter((domid) => Number.isSafeInteger(domid));
  return Math.max(last, 0, ...taken) + 1;
}
