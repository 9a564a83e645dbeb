import { XenstoreError } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";

/** XenStore's own failure as this package's error, with what it came across; every other error as it is. */
export function translateFault(error: unknown, during: string): unknown {
  if (!(error instanceof XenstoreError)) return error;
  const message = `XenStore failed ${during}: ${error.message} (${error.code})`;
  return new HostError("XENSTORE_FAILED", message, { cause: error });
}
