import type { Activity, ActivityEvent } from "../../src/browser/model/activity.ts";
import type { Operation } from "../../src/browser/model/operation.ts";

/** So many seconds after the samples begin. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 23, 4, 0, seconds)).toISOString();
}

/** Something that was done, and went well in ten seconds. */
export function sampleActivity(changes: Partial<Activity>): Activity {
  return {
    request_id: "req-1",
    action: "create",
    user: { id: "user", name: "demo" },
    started_at: at(0),
    finished_at: at(10),
    result: "Success",
    message: "",
    events: [],
    operations: [],
    ...changes,
  };
}

/** A step that was begun in second `from`, and ended well two seconds later. */
export function sampleEvent(
  event: string,
  from: number,
  changes: Partial<ActivityEvent> = {},
): ActivityEvent {
  const end = { finished_at: at(from + 2), result: "Success", details: "" };
  return { event, started_at: at(from), ...end, ...changes };
}

/** A request that was sent to the guest. */
export function sampleOperation(changes: Partial<Operation>): Operation {
  return {
    id: "op",
    instance_id: "server",
    kind: "version",
    state: "sent",
    is_finished: false,
    attempts: 1,
    request_id: "req-1",
    user_id: "user",
    created_at: at(0),
    updated_at: at(1),
    deadline_at: at(30),
    returncode: null,
    message: null,
    error: null,
    timeline: [],
    ...changes,
  };
}
