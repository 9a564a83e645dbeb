import type { Step } from "./steps.tsx";

/** Reads the step out that goes on, or was the last: once at each step, and not with every second of it. */
export function CurrentStep({ steps }: { readonly steps: readonly Pick<Step, "name" | "state">[] }) {
  const step = steps.findLast(({ state }) => state !== "waiting");
  const isFailed = step?.state === "failed";
  return (
    <p class="visually-hidden" role="status">
      {step === undefined ? "" : isFailed ? `Failed: ${step.name}` : step.name}
    </p>
  );
}
