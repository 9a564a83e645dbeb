import assert from "node:assert/strict";
import { test } from "node:test";
import type { Activity } from "../../src/browser/model/activity.ts";
import type { Operation } from "../../src/browser/model/operation.ts";
import { findPasswordReset, mayBeSet, passwordSteps } from "../../src/browser/model/password-steps.ts";

type Line = readonly [second: number, state: string];

const queued: Line = [1, "queued"];
const keyed: Line = [2, "queued"];
const sent: Line = [4, "sent"];
const taken: Line = [7, "taken"];
const done: Line = [11, "done"];
const now = new Date(at(30));

function at(second: number): string {
  return new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();
}

function operation(lines: readonly Line[], changes: Partial<Operation> = {}): Operation {
  return {
    id: "b0fbd6a1",
    instance_id: "1",
    kind: "password",
    state: lines.at(-1)?.[1] ?? "queued",
    is_finished: false,
    attempts: lines.some(([, state]) => state === "sent") ? 1 : 0,
    request_id: "req-1",
    user_id: "2",
    created_at: at(1),
    updated_at: at(1),
    deadline_at: at(59),
    returncode: null,
    message: null,
    error: null,
    timeline: lines.map(([second, state]) => ({ at: at(second), state, text: "" })),
    ...changes,
  };
}

function reset(operations: readonly Operation[], end?: "Success" | "Error"): Activity {
  return {
    request_id: "req-1",
    action: "changePassword",
    user: { id: "2", name: "ann" },
    started_at: at(0),
    finished_at: end === undefined ? null : at(12),
    result: end ?? null,
    message: end === "Error" ? "No answer" : "",
    events: [],
    operations: [...operations],
  };
}

/** Each step as its first word, its state and its seconds. */
function shown(activity: Activity): readonly string[] {
  return passwordSteps(activity, now).map(({ name, state, durationMs, words = "" }) =>
    [name.split(/\W/u, 1)[0], state, durationMs === undefined ? "-" : durationMs / 1000, words]
      .join(" ")
      .trim(),
  );
}

test("a password that nothing is known of yet waits for its turn", () => {
  assert.deepEqual(shown(reset([])), [
    "Waits running 30",
    "Agrees waiting -",
    "Sent waiting -",
    "Read waiting -",
    "Done waiting -",
  ]);
});

test("the step that goes on counts to now, those before it to the next", () => {
  assert.deepEqual(shown(reset([operation([queued, keyed, sent])])), [
    "Waits done 1",
    "Agrees done 2",
    "Sent running 26",
    "Read waiting -",
    "Done waiting -",
  ]);
  assert.deepEqual(shown(reset([operation([queued, keyed, sent, taken])])).slice(2), [
    "Sent done 3",
    "Read running 23",
    "Done waiting -",
  ]);
});

test("what the guest did too quickly to be seen, it did all the same", () => {
  assert.deepEqual(shown(reset([operation([queued, keyed, sent, done])], "Success")), [
    "Waits done 1",
    "Agrees done 2",
    "Sent done 7",
    "Read done -",
    "Done done -",
  ]);
});

test("the step that failed is the last one, with the reason", () => {
  assert.deepEqual(shown(reset([operation([queued, [3, "failed"]])], "Error")), [
    "Waits failed 11 No answer",
  ]);
  assert.deepEqual(shown(reset([operation([queued, keyed, [9, "timedOut"]])], "Error")), [
    "Waits done 1",
    "Agrees failed 10 No answer",
  ]);
  assert.deepEqual(shown(reset([operation([queued, keyed, sent, taken, [9, "failed"]])], "Error")).slice(3), [
    "Read failed 5 No answer",
  ]);
});

test("one that is sent again has not been read yet", () => {
  const again = operation([queued, keyed, sent, taken, [9, "sent"]]);
  assert.deepEqual(shown(reset([again])).slice(2), ["Sent running 21", "Read waiting -", "Done waiting -"]);
});

test("a password may be set when it was sent and nobody answered", () => {
  const unanswered = operation([queued, keyed, sent, [9, "timedOut"]]);
  assert.equal(mayBeSet(reset([unanswered], "Error")), true);
  assert.equal(mayBeSet(reset([unanswered])), false);
  const late = operation([queued, keyed, sent, [9, "timedOut"], [20, "late"]], { returncode: "0" });
  assert.equal(mayBeSet(reset([late], "Error")), true);
  assert.equal(mayBeSet(reset([operation([queued, keyed, [9, "timedOut"]])], "Error")), false);
  assert.equal(mayBeSet(reset([operation([queued, keyed, sent], { returncode: "1" })], "Error")), false);
  assert.equal(mayBeSet(reset([operation([queued, keyed, sent, done])], "Success")), false);
  assert.equal(mayBeSet(reset([], "Error")), false);
});

test("the newest reset is the first one in the list", () => {
  const [first, second] = [reset([]), { ...reset([]), request_id: "req-0" }];
  assert.equal(findPasswordReset([{ ...first, action: "rescue" }, first, second]), first);
  assert.equal(findPasswordReset([]), undefined);
});
