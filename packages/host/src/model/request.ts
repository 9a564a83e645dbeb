import { encodeUtf8, PAYLOAD_MAX_BYTES } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import { requestPath } from "./guest-paths.ts";

/** A value that JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What the guest is asked to do. */
export interface GuestRequest {
  readonly name: string;
  /** Nova sends text for every command but `file_inject`; agents on Windows read nothing else. */
  readonly value: JsonValue;
}

/**
 * The request as it lies in XenStore: JSON with the name first, in ASCII as Python's json.dumps writes
 * it, because agents on Windows decode it so.
 */
export function encodeRequest(request: GuestRequest): Uint8Array {
  const text = JSON.stringify({ name: request.name, value: request.value });
  return encodeUtf8(text.replaceAll(/[\u0080-\uffff]/g, escapeUnit));
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Throws TOO_LARGE when path and value do not fit into one packet (xs_wire.h, XENSTORE_PAYLOAD_MAX). */
export function assertFitsPacket(options: {
  domid: number;
  id: string;
  name: string;
  bytes: Uint8Array;
}): void {
  const { domid, id, name, bytes } = options;
  const limit = PAYLOAD_MAX_BYTES - requestPath(domid, id).length - 1;
  if (bytes.length <= limit) return;
  throw new HostError(
    "TOO_LARGE",
    `Request "${name}" for domain ${domid} has ${bytes.length} bytes; ` +
      `one packet of XenStore carries ${limit} beside its path. Send less`,
    { domid, command: name },
  );
}
