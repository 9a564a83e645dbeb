import { isFinished, isHeartbeatId } from "@nova-agent/host";
import { type Check, ok, skipped, warning } from "../finding.ts";

/** Whether replies lie in `data/guest` that nobody reads: they use up the guest's quota. */
export const replies: Check = {
  name: "replies",
  look: ({ sight, operations }) => {
    if (sight === undefined) return [skipped("Without a domain no reply is left")];
    const awaited = new Set(operations.filter((operation) => !isFinished(operation)).map(({ id }) => id));
    // The next heartbeat removes those of the ones before it.
    const count = sight.left.filter((id) => !awaited.has(id) && !isHeartbeatId(id)).length;
    if (count === 0) return [ok("No reply is left unread")];
    const words = count === 1 ? "A reply lies" : `${count} replies lie`;
    return [
      warning(
        `${words} in data/guest and nobody reads ${count === 1 ? "it" : "them"}`,
        "Those to the control service go when the guest is asked next; look who else asks it",
      ),
    ];
  },
};
