import { usePanel } from "../state/panel.ts";
import { Badge } from "./badge.tsx";
import { Button } from "./button.tsx";

/** Whether what is shown is as it is now. */
export function LiveIndicator() {
  const { live } = usePanel();
  const state = live.state.value;
  return (
    <div class="live" role="status">
      {state === "live" && <Badge tone="good" text="Live" />}
      {state === "connecting" && <Badge tone="quiet" text="Connecting" />}
      {state === "lost" && (
        <>
          <Badge tone="bad" text="Connection lost" />
          <Button kind="quiet" onClick={() => live.reconnect()}>
            Connect now
          </Button>
        </>
      )}
    </div>
  );
}
