import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { formatAgo } from "../model/time.ts";
import { usePanel } from "../state/panel.ts";

/** How long ago something was; the whole time when it is pointed at. */
export function Ago({ at }: { readonly at: string }) {
  const { now } = usePanel();
  const date = new Date(at);
  // Drawn anew only when its words change.
  const words = useMemo(() => computed(() => formatAgo(new Date(at), now.value)), [at]);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {words}
    </time>
  );
}
