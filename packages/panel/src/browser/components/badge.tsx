import type { Tone, Words } from "../model/words.ts";

/** A state: a dot in its colour, and the word, because nobody has to see the colour. */
export function Badge({ text, tone }: Words) {
  return (
    <span class={`badge badge-${tone}`}>
      <span class="badge-dot" aria-hidden="true" />
      {text}
    </span>
  );
}

export type { Tone };
