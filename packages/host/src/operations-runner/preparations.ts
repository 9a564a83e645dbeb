import type { XenstoreClient } from "@nova-agent/xenstore";
import type { OperationEvent } from "../ledger/operation.ts";
import { removeReply, withdrawRequest } from "../request-nodes.ts";

/**
 * How the timeline tells of a request that only prepares the one that matters, such as `keyinit`: with
 * its id, because after a crash nobody has the key any more, and what is left of it is removed.
 */
export function preparationText(request: {
  readonly command: string;
  readonly domid: number;
  readonly id: string;
}): string {
  return `Sending "${request.command}" to domain ${request.domid} as request ${request.id}`;
}

/** The ids that a timeline tells of so. */
export function preparationIds(timeline: readonly OperationEvent[]): string[] {
  return timeline.flatMap(({ text }) => / as request ([\da-f-]{36})$/.exec(text)?.[1] ?? []);
}

/** Removes such requests and the replies to them. */
export async function removePreparations(
  xenstore: XenstoreClient,
  { ids, domid }: { readonly ids: readonly string[]; readonly domid: number },
): Promise<void> {
  for (const id of ids) {
    await withdrawRequest(xenstore, { domid, id });
    await removeReply(xenstore, { domid, id });
  }
}
