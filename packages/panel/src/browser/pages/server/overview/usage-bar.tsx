import type { Usage } from "../../../model/size.ts";

/** How full something is, in words and as a bar. */
export function UsageBar({ usage: { share, words, isNearlyFull } }: { readonly usage: Usage }) {
  return (
    <div class="usage">
      <span class="usage-bar" aria-hidden="true">
        <span
          class={`usage-share ${isNearlyFull ? "usage-full" : ""}`}
          style={{ inlineSize: `${Math.round(100 * share)}%` }}
        />
      </span>
      <span>
        {words}
        {isNearlyFull && ", nearly full"}
      </span>
    </div>
  );
}
