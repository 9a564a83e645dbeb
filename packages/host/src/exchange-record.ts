import type { HostError } from "./errors.ts";
import type { GuestReply } from "./model/reply.ts";

/** One request of a recorded call, as it is at this moment. */
export interface RecordedRequest {
  readonly id: string;
  readonly command: string;
  /** Where the guest is. */
  readonly domid: number;
}

/**
 * Keeps a record of the requests of one call, so that whoever finds them after a crash knows what was
 * under way. Each step waits for it; what it throws ends the exchange, with request and reply left alone.
 */
export interface ExchangeRecord {
  /** The id for the next request of this command; undefined for any new one. */
  idFor(command: string): string | undefined;
  /** Before the request is written, each time. */
  beforeSend(request: RecordedRequest): Promise<void>;
  /** When the guest is seen to have removed the request. */
  taken(request: RecordedRequest): Promise<void>;
  /** Before the reply is removed: with it, or with the error that tells why it is none. */
  beforeRemoval(request: RecordedRequest, answer: GuestReply | HostError): Promise<void>;
}
