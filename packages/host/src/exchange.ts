import { XenstoreError } from "@nova-agent/xenstore";
import { ExchangeLoop, type ExchangeOptions } from "./exchange-loop.ts";
import { throwIfCancelled } from "./guest-lock.ts";
import { translateXenstoreError } from "./model/exchange-errors.ts";
import type { GuestReply } from "./model/reply.ts";
import { assertFitsPacket, encodeRequest } from "./model/request.ts";
import type { GuestPorts } from "./tracked-guest.ts";

export type { ExchangeOptions } from "./exchange-loop.ts";

/**
 * Puts one request to a guest and waits for the reply, which is removed once read. Nothing is polled:
 * the watches stand before the request is written. A guest that gets a new domid meanwhile is followed,
 * and asked again if the command bears it. Throws what `HostErrorCode` lists; a request that nobody
 * waits for any more is withdrawn.
 */
export async function exchange(ports: GuestPorts, options: ExchangeOptions): Promise<GuestReply> {
  const { guest, id, request } = options;
  const facts = { domid: guest.domid, command: request.name };
  throwIfCancelled(guest.domid, options.signal);
  const bytes = encodeRequest(request);
  assertFitsPacket({ domid: guest.domid, id, name: request.name, bytes });
  const loop = new ExchangeLoop(ports, { ...options, bytes });
  try {
    return await loop.run();
  } catch (error) {
    // Whoever has given it an id of the record comes back for it.
    const isKept = options.record?.idFor(request.name) !== undefined;
    if (error instanceof XenstoreError && !isKept) await loop.abandon();
    throw translateXenstoreError(error, facts);
  } finally {
    await loop.close();
  }
}
