import { Ago } from "../../../components/ago.tsx";
import { Badge } from "../../../components/badge.tsx";
import type { GuestNetwork } from "../../../model/guest-network.ts";
import { operationState } from "../../../model/words.ts";

/** How it went when the guest was last asked to apply its networks, with its own words. */
export function LastReset({ reset }: { readonly reset: GuestNetwork["last_reset"] }) {
  if (reset === null) return <p>The guest has not been asked to apply its networks yet.</p>;
  const { at, result, words } = reset;
  return (
    <div class="last-reset">
      <p>
        Last applied {at === null ? "" : <Ago at={at} />} <Badge {...operationState(result)} />
      </p>
      {words !== null && words !== "" && (
        <p>
          The guest said: <q class="guest-words">{words}</q>
        </p>
      )}
    </div>
  );
}
