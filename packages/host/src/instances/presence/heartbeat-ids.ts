import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "../../domains.ts";
import type { ExchangeRecord } from "../../exchange-record.ts";
import { EXCHANGE_NODES_MAX } from "../../guests/limits.ts";
import { dataPath } from "../../model/guest-paths.ts";
import { removeReply, withdrawRequest } from "../../request-nodes.ts";

/** How the ids of heartbeats begin: no ledger has them, so that they are known by their looks. */
const HEAD = "6e6f7661-6265-4174-";

/** Whether a request or a reply is that of a heartbeat. */
export function isHeartbeatId(id: string): boolean {
  return id.startsWith(HEAD);
}

const nothing = async (): Promise<void> => undefined;

/** Gives requests the ids of heartbeats; what one leaves is removed before the next. */
export function heartbeatRecord(newId: () => string): ExchangeRecord {
  const idFor = (): string => HEAD + newId().slice(HEAD.length);
  return { idFor, beforeSend: nothing, taken: nothing, beforeRemoval: nothing };
}

/**
 * Removes what heartbeats have left with a guest that is held: those that were given up while the agent had
 * them, and those of a process or of a XenStore that ended meanwhile.
 */
export async function removeHeartbeats(xenstore: XenstoreClient, domid: number): Promise<void> {
  for (const id of await heartbeatsIn(xenstore, `${dataPath(domid)}/host`))
    await withdrawRequest(xenstore, { domid, id });
  for (const id of await heartbeatsIn(xenstore, `${dataPath(domid)}/guest`))
    await removeReply(xenstore, { domid, id });
}

async function heartbeatsIn(xenstore: XenstoreClient, directory: string): Promise<readonly string[]> {
  const names = (await ifPresent(xenstore.list(directory))) ?? [];
  return names.filter(isHeartbeatId).slice(0, EXCHANGE_NODES_MAX);
}
