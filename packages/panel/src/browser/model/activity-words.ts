import type { Activity, ActivityEvent } from "./activity.ts";
import type { Operation } from "./operation.ts";
import { durationBetween } from "./time.ts";
import { actionName, operationName, operationState, type Words } from "./words.ts";

/** A step of something that was done, as the service has written it down. */
export interface ToldStep {
  readonly name: string;
  readonly state: "running" | "done" | "failed";
  readonly durationMs: number | undefined;
  readonly details: string | undefined;
}

type WordsByEvent = Readonly<Record<string, string>>;

const eventWords: WordsByEvent = {
  ports: "Reserve its addresses",
  domain: "Start its domain",
  xe_daemon: "Wait until the guest has booted",
  version: "Wait until its agent answers",
  files: "Write SSH key and files into it",
  password: "Set its password",
  reset_network: "Have the guest set up its networks",
  destroy: "Switch its domain off",
  shutdown: "Have the guest shut down",
  reboot: "Have the guest reboot",
  disks: "Remove its disks",
  features: "Ask what its agent offers",
  kmsactivate: "Register or activate the system",
  port: "Take the address",
  vif: "Plug the network card in",
  vm_data: "Write the networks where the guest reads them",
};

/** Where an event means something else in an action. */
const eventWordsIn: Readonly<Record<string, WordsByEvent>> = {
  create: { domain: "Make its disk and start it" },
  delete: { ports: "Give its addresses back" },
  detach_interface: { port: "Give the address back", vif: "Unplug the network card" },
  rescue: {
    shutdown: "Have the server shut down",
    domain: "Start the rescue system, with the server's disk beside its own",
    password: "Set its one-time password",
    reset_network: "Have it set up the server's networks",
  },
  unrescue: {
    shutdown: "Have the rescue system shut down",
    destroy: "Remove what is left of it",
    domain: "Start the server from its own disk",
  },
  removeFixedIp: { port: "Give the address back" },
};

/** What is shown of all that was done. */
export const activityFilters = ["all", "running", "done", "failed"] as const;

export type ActivityFilter = (typeof activityFilters)[number];

const filterWords: Readonly<Record<ActivityFilter, string>> = {
  all: "All",
  running: "Going on",
  done: "Done",
  failed: "Failed",
};

export function filterName(filter: ActivityFilter): string {
  return filterWords[filter];
}

/** All of it for a name that is none. */
export function filterNamed(name: string): ActivityFilter {
  return activityFilters.find((filter) => filter === name) ?? "all";
}

/** What was done; a guest may be asked something without an action, which has the name of its kind then. */
export function activityName({ action }: Pick<Activity, "action">): string {
  const name = actionName(action);
  return name === action ? operationName(action) : name;
}

const outcomeTones = { running: "busy", done: "good", failed: "bad" } as const;

/** How it ended, or that it has not. */
export function activityResult(activity: Pick<Activity, "finished_at" | "result">): Words {
  const outcome = outcomeOf(activity);
  return { text: filterWords[outcome], tone: outcomeTones[outcome] };
}

export function matchesFilter(
  activity: Pick<Activity, "finished_at" | "result">,
  filter: ActivityFilter,
): boolean {
  return filter === "all" || outcomeOf(activity) === filter;
}

function outcomeOf({
  finished_at: finishedAt,
  result,
}: Pick<Activity, "finished_at" | "result">): Exclude<ActivityFilter, "all"> {
  if (finishedAt === null) return "running";
  return result === "Error" ? "failed" : "done";
}

/** How long something took, or has taken; a clock that differs counts from zero. */
export function elapsedMs(startedAt: string, finishedAt: string | null, now: Date): number {
  return Math.max(0, durationBetween(startedAt, finishedAt ?? now.toISOString()));
}

/** What a step of an action does. */
export function eventName(action: string, event: string): string {
  return eventWordsIn[action]?.[event] ?? eventWords[event] ?? event;
}

/** The steps of an action, as they have begun. */
export function eventSteps(
  { action, events }: Pick<Activity, "action" | "events">,
  now: Date,
): readonly ToldStep[] {
  return events.map((event) => ({
    name: eventName(action, event.event),
    state: stateOfEvent(event),
    durationMs: elapsedMs(event.started_at, event.finished_at, now),
    details: event.details === "" ? undefined : event.details,
  }));
}

/** How far a step of an action is. */
export function stateOfEvent({ finished_at: finishedAt, result }: ActivityEvent): ToldStep["state"] {
  if (finishedAt === null) return "running";
  return result === "Error" ? "failed" : "done";
}

/** The way of a request to a guest; each step took as long as it was until the next. */
export function operationSteps(operation: Operation, now: Date): readonly ToldStep[] {
  const { timeline, is_finished: isFinished } = operation;
  return timeline.map(({ at, state, text }, index) => {
    const next = timeline[index + 1];
    const isLast = next === undefined;
    return {
      name: operationState(state).text,
      state: isLast ? lastState(operation) : "done",
      durationMs: isLast && isFinished ? undefined : elapsedMs(at, next?.at ?? null, now),
      details: text === "" ? undefined : text,
    };
  });
}

function lastState({ is_finished: isFinished, state }: Operation): ToldStep["state"] {
  if (!isFinished) return "running";
  return state === "done" ? "done" : "failed";
}
