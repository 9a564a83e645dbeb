import { XenstoreError, type XenstoreClient } from "@nova-agent/xenstore";
import { HostError } from "./errors.ts";
import { DOMAINS_AT_ONCE } from "./limits.ts";
import { parseVmPath } from "./model/guest-identity.ts";
import { dataPath, domainPath, DOMAINS_PATH, namePath, parseDomid, vmPath } from "./model/guest-paths.ts";

/** A domain as XenStore shows it. Whether its agent answers is known only by asking it. */
export interface DomainSummary {
  readonly domid: number;
  /** Given by the toolstack; absent for a domain that it has not named. */
  readonly name: string | undefined;
  /** The virtual machine's UUID, which a reboot keeps. */
  readonly uuid: string | undefined;
  /** Whether the domain has a `data` node; without it its agent has nowhere to answer. */
  readonly hasData: boolean;
}

/** Every domain under `/local/domain`, by domid. */
export async function listDomains(xenstore: XenstoreClient): Promise<readonly DomainSummary[]> {
  const names = (await ifPresent(xenstore.list(DOMAINS_PATH))) ?? [];
  const domids = names.map(parseDomid).filter((domid) => domid !== undefined);
  domids.sort((left, right) => left - right);
  const domains: DomainSummary[] = [];
  for (let at = 0; at < domids.length; at += DOMAINS_AT_ONCE) {
    const slice = domids.slice(at, at + DOMAINS_AT_ONCE);
    const summaries = await Promise.all(slice.map((domid) => readDomain(xenstore, domid)));
    domains.push(...summaries.filter((summary) => summary !== undefined));
  }
  return domains;
}

/** What XenStore shows of one domain, or undefined when it is not there. */
export async function readDomain(
  xenstore: XenstoreClient,
  domid: number,
): Promise<DomainSummary | undefined> {
  const [isThere, name, vm, hasData] = await Promise.all([
    xenstore.exists(domainPath(domid)),
    readTextIfPresent(xenstore, namePath(domid)),
    readTextIfPresent(xenstore, vmPath(domid)),
    xenstore.exists(dataPath(domid)),
  ]);
  return isThere ? { domid, name, uuid: parseVmPath(vm ?? ""), hasData } : undefined;
}

/**
 * The domain that `guest` means: a domid, or the name of exactly one domain. Throws NO_SUCH_DOMAIN or
 * AMBIGUOUS_NAME.
 */
export async function findDomain(xenstore: XenstoreClient, guest: string): Promise<DomainSummary> {
  const domid = parseDomid(guest);
  const byDomid = domid === undefined ? undefined : await readDomain(xenstore, domid);
  if (byDomid !== undefined) return byDomid;
  const named = (await listDomains(xenstore)).filter((domain) => domain.name === guest);
  const [first, second] = named;
  if (first === undefined) {
    const shown = JSON.stringify(guest);
    throw new HostError(
      "NO_SUCH_DOMAIN",
      `No domain has the domid or name ${shown}. "guestctl list" shows all`,
    );
  }
  if (second !== undefined) {
    const domids = named.map((domain) => domain.domid).join(", ");
    const message = `Domains ${domids} are all named ${JSON.stringify(guest)}. Name the guest by its domid`;
    throw new HostError("AMBIGUOUS_NAME", message);
  }
  return first;
}

async function readTextIfPresent(xenstore: XenstoreClient, path: string): Promise<string | undefined> {
  const text = await ifPresent(xenstore.readText(path));
  return text === undefined || text === "" ? undefined : text;
}

/** The answer, or undefined when the node is not there. */
export async function ifPresent<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}
