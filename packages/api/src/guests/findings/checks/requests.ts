import { isFinished, isHeartbeatId, type Operation } from "@nova-agent/host";
import { REQUEST_PATIENCE_MS } from "../../limits.ts";
import { type Check, type FindingFacts, type Found, ok, problem, skipped, warning } from "../finding.ts";

/** Whether requests lie in `data/host` that nobody takes. */
export const requests: Check = {
  name: "requests",
  look: (facts) => {
    const { sight } = facts;
    if (sight === undefined) return [skipped("Without a domain no request waits")];
    // Whether the agent answers those, its health tells.
    const waiting = sight.waiting.filter((id) => !isHeartbeatId(id));
    if (waiting.length === 0) return [ok("No request waits to be taken")];
    return waiting.map((id) => lookAt(id, facts));
  },
};

function lookAt(id: string, { operations, now }: FindingFacts): Found {
  const operation = operations.find((known) => known.id === id);
  if (operation === undefined) {
    const what = `A request that is not in the ledger waits in data/host: ${id}`;
    return warning(what, "Whoever wrote it withdraws it, or the agent takes it when it runs");
  }
  const waitedMs = now.getTime() - sentAt(operation).getTime();
  const seconds = Math.max(0, Math.round(waitedMs / 1000));
  const what = `The request "${operation.kind}" has waited for ${seconds} s to be taken`;
  if (isFinished(operation)) return warning(`${what}, and nobody wants it any more`, "Reboot the server");
  if (waitedMs < REQUEST_PATIENCE_MS) return warning(what, "Wait a moment");
  return problem(what, "See that nova-agent runs in the guest: look at its console");
}

/** When it was written. */
function sentAt({ timeline, createdAt }: Operation): Date {
  return timeline.findLast(({ state }) => state === "sent")?.at ?? createdAt;
}
