import { type Watch, XenstoreError } from "@nova-agent/xenstore";
import { ifPresent } from "../../domains.ts";
import { domainPath } from "../../model/guest-paths.ts";
import type { InstanceContext } from "../instance-context.ts";

/** Waiting for what xe-daemon publishes, which no guest does before it has booted. */
export interface GuestReport {
  /** Resolves when it is there; never when it was closed before, or XenStore cannot be watched. */
  readonly seen: Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Watches for the first report of the guest: `data/updated`, or anything in `attr` (xenstore-paths, "attr"). */
export function awaitReport({ xenstore }: InstanceContext, domid: number): GuestReport {
  const watch = xenstore.watch(domainPath(domid));
  const seen = new Promise<void>((resolve) => {
    void lookAtEachChange({ xenstore, watch, domid, onSeen: resolve });
  });
  return { seen, close: () => watch.close() };
}

async function lookAtEachChange(options: {
  readonly xenstore: InstanceContext["xenstore"];
  readonly watch: Watch;
  readonly domid: number;
  readonly onSeen: () => void;
}): Promise<void> {
  const { xenstore, watch, domid, onSeen } = options;
  try {
    for await (const _event of watch) {
      if (!(await hasReported(xenstore, domid))) continue;
      onSeen();
      return;
    }
  } catch (error) {
    // The agent's own answer is waited for as well, and that tells of a XenStore that fails.
    if (!(error instanceof XenstoreError)) throw error;
  }
}

async function hasReported(xenstore: InstanceContext["xenstore"], domid: number): Promise<boolean> {
  if (await xenstore.exists(`${domainPath(domid)}/data/updated`)) return true;
  const attributes = await ifPresent(xenstore.list(`${domainPath(domid)}/attr`));
  return attributes !== undefined && attributes.length > 0;
}
