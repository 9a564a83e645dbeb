import { Ago } from "../../../components/ago.tsx";
import { Badge } from "../../../components/badge.tsx";
import type { GuestNetwork } from "../../../model/guest-network.ts";
import { operationState } from "../../../model/words.ts";

/** How it went when the guest was last asked to apply its networks, in its own words where it has said any. */
export function LastReset({ reset }: { readonly reset: GuestNetwork["last_reset"] }) {
  if (reset === null) return <p>The guest has not been asked to apply its networks yet.</p>;
  const { at, result, words } = reset;
  const isDone = result === "done";
  return (
    <div class="last-reset">
      <p>
        {isDone ? "Last applied" : "Last asked to apply them"} {at !== null && <Ago at={at} />}{" "}
        <Badge {...operationState(result)} />
      </p>
      {words !== null && words !== "" && (
        <p class="guest-words">
          {isDone && "The guest said: "}
          {words}
        </p>
      )}
    </div>
  );
}
