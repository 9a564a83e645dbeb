import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../plan.ts";

/** Where a back end's mark stands while files wait to be applied; a start of the guest clears it. */
export function pendingPath(backend: string): string {
  return `/run/nova-agent/${backend}-apply`;
}

/**
 * The steps with a mark around them. An agent that was killed between leaves it, and the next one
 * applies what is right in the files but perhaps nowhere else.
 */
export function markPending(backend: string, steps: readonly Step[]): Step[] {
  const path = pendingPath(backend);
  return [
    { step: "writeFile", path, content: encodeUtf8(""), mode: 0o644, backup: false },
    ...steps,
    { step: "removeFile", path, backup: false },
  ];
}
