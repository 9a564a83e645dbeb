import type { GuestCall, HostConnector } from "../host-connector.ts";
import { isSuccess } from "../model/command-rule.ts";
import type { GuestReply } from "../model/reply.ts";
import type { GuestRequest } from "../model/request.ts";

export interface SendCall extends GuestCall {
  readonly request: GuestRequest;
}

export interface SendResult extends GuestReply {
  readonly domid: number;
  /** Whether the code means success for this command. */
  readonly isDone: boolean;
}

/** Sends any request and returns the reply, also one that says no. */
export async function sendRequest(connector: HostConnector, call: SendCall): Promise<SendResult> {
  return connector.hold(call, async (guest) => {
    const reply = await guest.send(call.request);
    return { domid: guest.domid, ...reply, isDone: isSuccess(call.request.name, reply) };
  });
}
