import { elapsedMs, eventName, stateOfEvent } from "./activity-words.ts";
import type { Activity, ActivityEvent } from "./activity.ts";
import type { Operation } from "./operation.ts";
import { operationState } from "./words.ts";

const SECOND_MS = 1_000;

/** A step that an action is made of. */
export interface PlannedStep {
  /** As the service names it in the action's events. */
  readonly event: string;
  /** Where it is called something else here than in the list of what was done. */
  readonly name?: string;
  /** What the guest is asked for it, in the ledger's words. */
  readonly kind?: string;
}

/** A step with how far it is. */
export interface ActionStep {
  readonly event: string;
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Undefined before it begins, and in its first second. */
  readonly durationMs: number | undefined;
  /** What there is to say of it: how far the guest is, or why it failed. */
  readonly words: string | undefined;
}

/**
 * The steps of an action as they are now, by its newest event of each. Of an action that has ended there are
 * only those that were begun.
 */
export function actionSteps(
  action: Activity,
  { planned, now }: { readonly planned: readonly PlannedStep[]; readonly now: Date },
): readonly ActionStep[] {
  return planned.flatMap(({ event, kind, ...own }): readonly ActionStep[] => {
    const name = own.name ?? eventName(action.action, event);
    const begun = action.events.findLast((each) => each.event === event);
    if (begun !== undefined) {
      const asked = action.operations.findLast((operation) => operation.kind === kind);
      return [{ event, name, ...stateAndTime(begun, now), words: wordsFor(begun, asked) }];
    }
    if (action.finished_at !== null) return [];
    return [{ event, name, state: "waiting", durationMs: undefined, words: undefined }];
  });
}

function stateAndTime(event: ActivityEvent, now: Date): Pick<ActionStep, "state" | "durationMs"> {
  const state = stateOfEvent(event);
  const durationMs = elapsedMs(event.started_at, event.finished_at, now);
  // The clock ticks in seconds.
  return { state, durationMs: state === "running" && durationMs < SECOND_MS ? undefined : durationMs };
}

function wordsFor(event: ActivityEvent, asked: Operation | undefined): string | undefined {
  const state = stateOfEvent(event);
  if (state === "failed") return event.details === "" ? undefined : event.details;
  if (state !== "running" || asked === undefined || asked.is_finished) return undefined;
  const { text } = operationState(asked.state);
  return asked.attempts > 1 ? `${text}, attempt ${asked.attempts}` : text;
}
