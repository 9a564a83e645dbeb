import type { Usage } from "../../../model/size.ts";

export interface UsageBarProps {
  readonly what: string;
  readonly usage: Usage;
}

/** How full something is, in words and as a bar. */
export function UsageBar({ what, usage: { share, words, isNearlyFull } }: UsageBarProps) {
  return (
    <div class="usage">
      <meter class={isNearlyFull ? "usage-full" : undefined} value={share} aria-label={`${what} used`}>
        {words}
      </meter>
      <span class="usage-words">
        {words}
        {isNearlyFull && ", nearly full"}
      </span>
    </div>
  );
}
