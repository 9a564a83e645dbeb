import type { ComponentChildren } from "preact";
import { formatDuration } from "../model/time.ts";

/** How far a step is. */
export type StepState = "waiting" | "running" | "done" | "failed";

export interface Step {
  readonly name: string;
  readonly state: StepState;
  /** How long it took, or has taken, in milliseconds. */
  readonly durationMs?: number | undefined;
  readonly details?: ComponentChildren;
}

const stateWords: Readonly<Record<StepState, string>> = {
  waiting: "waits",
  running: "goes on",
  done: "done",
  failed: "failed",
};

/** Steps that follow each other, with how far they are. */
export function Steps({ label, steps }: { readonly label: string; readonly steps: readonly Step[] }) {
  return (
    <ol class="steps" aria-label={label}>
      {steps.map(({ name, state, durationMs, details }, index) => (
        // Steps have no identity but their place.
        <li key={index} class={`step step-${state}`}>
          <span class="step-mark" aria-hidden="true" />
          <div class="step-text">
            <span class="step-name">{name}</span>
            {/* What failed is not told by its colour alone. */}
            <span class={state === "failed" ? "step-time" : "visually-hidden"}>: {stateWords[state]}</span>
            {durationMs !== undefined && <span class="step-time"> {formatDuration(durationMs)}</span>}
            {details !== undefined && <div class="step-details">{details}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
