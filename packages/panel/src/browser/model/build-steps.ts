import type { Activity, ActivityEvent } from "./activity.ts";
import type { Operation } from "./operation.ts";
import { durationBetween } from "./time.ts";
import { operationState } from "./words.ts";

/** A step of a build, as the service names it in the events of the action "create". */
export type BuildEvent =
  | "ports"
  | "domain"
  | "xe_daemon"
  | "version"
  | "files"
  | "password"
  | "reset_network";

/** In their order, with what each asks of the guest in the ledger. */
const steps: readonly { readonly event: BuildEvent; readonly name: string; readonly kind?: string }[] = [
  { event: "ports", name: "Reserve its addresses" },
  { event: "domain", name: "Make its disk and start it" },
  { event: "xe_daemon", name: "Wait until the guest has booted", kind: "version" },
  { event: "version", name: "Wait until its agent answers", kind: "version" },
  { event: "files", name: "Write SSH key and files into it", kind: "injectFile" },
  { event: "password", name: "Set its password", kind: "password" },
  { event: "reset_network", name: "Have the guest set up its networks", kind: "resetNetwork" },
];

/** Those of a server whose image has no agent. */
const withoutAgent: readonly string[] = ["ports", "domain"];

/** A step with how far it is. */
export interface BuildStep {
  readonly event: BuildEvent;
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Undefined before it begins. */
  readonly durationMs: number | undefined;
  /** What there is to say of it: what its guest is asked, or why it failed. */
  readonly words: string | undefined;
}

export interface BuildFacts {
  readonly hasAgent: boolean;
  readonly now: Date;
}

/** The newest build of a server, in what was done with it; undefined when that is long ago. */
export function findBuild(activity: readonly Activity[]): Activity | undefined {
  return activity.find(({ action }) => action === "create");
}

/** The steps of a build. Of one that has ended there are only those that were begun. */
export function buildSteps(build: Activity, { hasAgent, now }: BuildFacts): readonly BuildStep[] {
  const expected = steps.filter(({ event }) => hasAgent || withoutAgent.includes(event));
  return expected.flatMap(({ event, name, kind }): readonly BuildStep[] => {
    const begun = build.events.findLast((each) => each.event === event);
    if (begun !== undefined) {
      const asked = build.operations.findLast((operation) => operation.kind === kind);
      const durationMs = durationBetween(begun.started_at, begun.finished_at ?? now.toISOString());
      return [{ event, name, state: stateOf(begun), durationMs, words: wordsOf(begun, asked) }];
    }
    if (build.finished_at !== null) return [];
    return [{ event, name, state: "waiting", durationMs: undefined, words: undefined }];
  });
}

function stateOf({ finished_at: finishedAt, result }: ActivityEvent): BuildStep["state"] {
  if (finishedAt === null) return "running";
  return result === "Error" ? "failed" : "done";
}

function wordsOf(event: ActivityEvent, asked: Operation | undefined): string | undefined {
  const state = stateOf(event);
  if (state === "failed") return event.details === "" ? undefined : event.details;
  if (state !== "running" || asked === undefined || asked.is_finished) return undefined;
  const { text } = operationState(asked.state);
  return asked.attempts > 1 ? `${text}, attempt ${asked.attempts}` : text;
}
