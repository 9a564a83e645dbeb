import { encodeRequest, type Request, requestType } from "../wire/requests.ts";
import type { SendRequest } from "./connection.ts";

/** Asks the server something; resolves with the answer's payload. */
export type Ask = (request: Request) => Promise<Uint8Array>;

/** Encodes requests for `send`, all of one transaction when its id is given. */
export function createAsk(send: SendRequest, transactionId?: number): Ask {
  return async (request) => send(requestType(request), encodeRequest(request), transactionId);
}
