import { useComputed } from "@preact/signals";
import { elapsedMs } from "../model/activity-words.ts";
import { durationBetween, formatDuration } from "../model/time.ts";
import { usePanel } from "../state/panel.ts";

export interface ElapsedProps {
  readonly from: string;
  /** Null while it goes on. */
  readonly to: string | null;
}

/** How long something took; it counts on while it goes on. */
export function Elapsed({ from, to }: ElapsedProps) {
  if (to !== null) return <>{formatDuration(Math.max(0, durationBetween(from, to)))}</>;
  return <Ticking key={from} from={from} />;
}

function Ticking({ from }: Pick<ElapsedProps, "from">) {
  const { now } = usePanel();
  // Drawn with every second, and nothing around it is.
  const words = useComputed(() => formatDuration(elapsedMs(from, null, now.value)));
  return <>{words}</>;
}
