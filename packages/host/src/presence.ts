import { XenstoreError, type XenstoreClient } from "@nova-agent/xenstore";
import { type DomainSummary, listDomains, readDomain } from "./domains.ts";
import { HostError } from "./errors.ts";
import { domainPath } from "./model/guest-paths.ts";

/** A domain as it was when a request to it began, to tell later whether it is still the same one. */
export interface Presence {
  readonly domain: DomainSummary;
  /** False for a domain whose toolstack has not introduced it; then only its node counts. */
  readonly wasIntroduced: boolean;
}

/** The domain as it is now. Throws NO_SUCH_DOMAIN, or GUEST_NO_DATA when its agent could not answer. */
export async function assertReachable(xenstore: XenstoreClient, domid: number): Promise<Presence> {
  const [domain, wasIntroduced] = await Promise.all([
    readDomain(xenstore, domid),
    isIntroduced(xenstore, domid),
  ]);
  if (domain === undefined) {
    const message = `No domain has domid ${domid}: ${domainPath(domid)} is not in XenStore`;
    throw new HostError("NO_SUCH_DOMAIN", message, { domid });
  }
  if (!domain.hasData) {
    const message =
      `Domain ${domid} has no node ${domainPath(domid)}/data, so its agent cannot answer. ` +
      `Its toolstack should have made it, owned by the domain (permissions n${domid})`;
    throw new HostError("GUEST_NO_DATA", message, { domid });
  }
  return { domain, wasIntroduced };
}

/** Whether the domain is still the one that it was. */
export async function isPresent(xenstore: XenstoreClient, presence: Presence): Promise<boolean> {
  const { domid } = presence.domain;
  const [hasNode, introduced] = await Promise.all([
    xenstore.exists(domainPath(domid)),
    presence.wasIntroduced ? isIntroduced(xenstore, domid) : true,
  ]);
  return hasNode && introduced;
}

/** The error for a domain that ended: GUEST_REBOOTED when it is back under another domid, else GUEST_GONE. */
export async function departure(
  xenstore: XenstoreClient,
  presence: Presence,
  command: string,
): Promise<HostError> {
  const { domid } = presence.domain;
  const successor = (await listDomains(xenstore)).find((other) => isSuccessor(presence.domain, other));
  if (successor === undefined) {
    const message =
      `Domain ${domid} went away before it answered "${command}". ` +
      `If it reboots, it comes back with another domid: ask for it by name`;
    return new HostError("GUEST_GONE", message, { domid, command });
  }
  const newDomid = successor.domid;
  const message = `Domain ${domid} rebooted before it answered "${command}". Send it again to domain ${newDomid}`;
  return new HostError("GUEST_REBOOTED", message, { domid, command, newDomid });
}

function isSuccessor(gone: DomainSummary, other: DomainSummary): boolean {
  if (other.domid === gone.domid) return false;
  const hasSameUuid = gone.uuid !== undefined && other.uuid === gone.uuid;
  return hasSameUuid || (gone.name !== undefined && other.name === gone.name);
}

/** A caller without the privilege to ask is told only by the domain's node. */
async function isIntroduced(xenstore: XenstoreClient, domid: number): Promise<boolean> {
  try {
    return await xenstore.isIntroduced(domid);
  } catch (error) {
    if (error instanceof XenstoreError && (error.code === "EACCES" || error.code === "ENOSYS")) return true;
    throw error;
  }
}
