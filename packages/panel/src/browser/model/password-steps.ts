import type { Activity } from "./activity.ts";
import type { Operation } from "./operation.ts";
import { durationBetween } from "./time.ts";

/** A step of a password's way to its guest. */
export interface PasswordStep {
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Undefined before it begins, and where it was too quick to be seen. */
  readonly durationMs: number | undefined;
  /** Why it failed. */
  readonly words: string | undefined;
}

/** How far the password is, in its order. */
const phases = [
  { phase: "queued", name: "Waits for its turn" },
  { phase: "keyed", name: "Agrees on a key with the guest" },
  { phase: "sent", name: "Sent to the guest, encrypted" },
  { phase: "taken", name: "Read by the guest" },
  { phase: "done", name: "Done: the guest has it" },
] as const;

type Phase = (typeof phases)[number]["phase"];

/** The newest reset of the administrator's password; undefined when there was none that is still known. */
export function findPasswordReset(activity: readonly Activity[]): Activity | undefined {
  return activity.find(({ action }) => action === "changePassword");
}

/** The way of a password as far as it is, and of one that is on its way what comes next. */
export function passwordSteps(reset: Activity, now: Date): readonly PasswordStep[] {
  const operation = reset.operations.findLast(({ kind }) => kind === "password");
  const begins = operation === undefined ? new Map<Phase, string>() : beginsOf(operation);
  if (!begins.has("queued")) begins.set("queued", reset.started_at);
  const at = phases.findLastIndex(({ phase }) => begins.has(phase));
  const isOver = reset.finished_at !== null;
  const hasFailed = isOver && reset.result !== "Success";
  return phases.flatMap(({ phase, name }, index): readonly PasswordStep[] => {
    if (isOver && !hasFailed && phase === "done") {
      return [{ name, state: "done", durationMs: undefined, words: undefined }];
    }
    if (index > at) {
      // What the guest did too quickly to be seen, it did all the same; what was never begun is left out.
      if (hasFailed) return [];
      return [{ name, state: isOver ? "done" : "waiting", durationMs: undefined, words: undefined }];
    }
    const begin = begins.get(phase);
    const end = nextBegin(begins, index) ?? reset.finished_at ?? now.toISOString();
    const durationMs = begin === undefined ? undefined : Math.max(0, durationBetween(begin, end));
    if (index < at || (isOver && !hasFailed)) return [{ name, state: "done", durationMs, words: undefined }];
    const words = hasFailed ? wordsFor(reset, operation) : undefined;
    return [{ name, state: hasFailed ? "failed" : "running", durationMs, words }];
  });
}

/** Why it failed, and what came after it. */
function wordsFor({ message }: Activity, operation: Operation | undefined): string {
  const last = operation?.state === "late" ? operation.timeline.at(-1)?.text : undefined;
  return last === undefined || last === "" ? message : `${message}. Later: ${last}`;
}

/**
 * Whether the guest may have a password although nobody says so: it was sent, and the guest did not refuse it.
 */
export function mayBeSet(reset: Activity): boolean {
  const operation = reset.operations.findLast(({ kind }) => kind === "password");
  if (operation === undefined || reset.finished_at === null || reset.result === "Success") return false;
  // One that answers too late has done it all the same.
  const isUnanswered = operation.returncode === null || operation.state === "late";
  return operation.attempts > 0 && isUnanswered;
}

/** When each phase of the last attempt began. */
function beginsOf({ timeline }: Operation): Map<Phase, string> {
  const begins = new Map<Phase, string>();
  for (const [index, { at, state }] of timeline.entries()) {
    // A second line of what waits tells of the key; one that is sent again has not been read yet.
    if (state === "queued") begins.set(index === 0 ? "queued" : "keyed", at);
    if (state === "sent") {
      begins.set("sent", at);
      begins.delete("taken");
    }
    if (state === "taken") begins.set("taken", at);
    if (state === "done") begins.set("done", at);
  }
  return begins;
}

function nextBegin(begins: ReadonlyMap<Phase, string>, index: number): string | undefined {
  const next = phases.slice(index + 1).find(({ phase }) => begins.has(phase));
  return next === undefined ? undefined : begins.get(next.phase);
}
