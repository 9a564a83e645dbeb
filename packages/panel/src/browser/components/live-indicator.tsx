import type { LiveState } from "../http/live.ts";
import type { Words } from "../model/words.ts";
import { usePanel } from "../state/panel.ts";
import { Badge } from "./badge.tsx";

const words: Readonly<Record<LiveState, Words>> = {
  live: { tone: "good", text: "Live" },
  connecting: { tone: "quiet", text: "Connecting" },
  lost: { tone: "bad", text: "Connection lost" },
};

/** Whether what is shown is as it is now. */
export function LiveIndicator() {
  const { live } = usePanel();
  return (
    <div class="live" role="status">
      <Badge {...words[live.state.value]} />
    </div>
  );
}
