import assert from "node:assert/strict";
import test from "node:test";
import {
  activityFilters,
  activityName,
  activityResult,
  elapsedMs,
  eventSteps,
  filterNamed,
  matchesFilter,
  operationSteps,
} from "../../src/browser/model/activity-words.ts";
import type { Operation } from "../../src/browser/model/operation.ts";

const now = new Date("2026-11-23T04:00:10.000Z");

function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 23, 4, 0, seconds)).toISOString();
}

const queued = { at: at(0), state: "queued", text: "Waits for its turn" };
const sent = { at: at(1), state: "sent", text: 'Sending "version" to domain 1' };

function operation(changes: Partial<Operation>): Operation {
  return {
    id: "op",
    instance_id: "server",
    kind: "version",
    state: "sent",
    is_finished: false,
    attempts: 1,
    request_id: "req",
    user_id: "user",
    created_at: at(0),
    updated_at: at(1),
    deadline_at: at(30),
    returncode: null,
    message: null,
    error: null,
    timeline: [queued, sent],
    ...changes,
  };
}

const running = { finished_at: null, result: null };
const done = { finished_at: at(5), result: "Success" };
const failed = { finished_at: at(5), result: "Error" };

test("an action goes on, is done, or has failed", () => {
  const results = [running, done, failed].map((each) => activityResult(each).text);
  assert.deepEqual(results, ["Going on", "Done", "Failed"]);
});

test("each filter lets its own through, and one lets all", () => {
  const passes = activityFilters.map((filter) =>
    [running, done, failed].map((each) => matchesFilter(each, filter)),
  );
  assert.deepEqual(passes, [
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
  assert.equal(filterNamed("failed"), "failed");
  assert.equal(filterNamed("nothing of the kind"), "all");
});

test("what was asked without an action has the name of its kind", () => {
  assert.equal(activityName({ action: "changePassword" }), "Reset password");
  assert.equal(activityName({ action: "doctor" }), "Have the guest examined");
  assert.equal(activityName({ action: "dance" }), "dance");
});

test("steps of an action have the words of that action, and their own durations", () => {
  const events = [
    { event: "port", started_at: at(0), finished_at: at(2), result: "Success", details: "" },
    { event: "vif", started_at: at(2), finished_at: at(3), result: "Error", details: "No such VIF" },
    { event: "reset_network", started_at: at(3), finished_at: null, result: null, details: "" },
  ];
  assert.deepEqual(eventSteps({ action: "detach_interface", events }, now), [
    { name: "Give the address back", state: "done", durationMs: 2000, details: undefined },
    { name: "Unplug the network card", state: "failed", durationMs: 1000, details: "No such VIF" },
    { name: "Have the guest set up its networks", state: "running", durationMs: 7000, details: undefined },
  ]);
});

test("a step of a request takes until the next, and the last counts on", () => {
  assert.deepEqual(operationSteps(operation({}), now), [
    { name: "Queued", state: "done", durationMs: 1000, details: queued.text },
    { name: "Sent to the guest", state: "running", durationMs: 9000, details: sent.text },
  ]);
});

test("the end of a request takes no time, and is as good as its state", () => {
  const end = { at: at(4), state: "done", text: "Domain 1 answered" };
  const well = operation({ state: "done", is_finished: true, timeline: [queued, sent, end] });
  assert.deepEqual(operationSteps(well, now).at(-1), {
    name: "Done",
    state: "done",
    durationMs: undefined,
    details: end.text,
  });
  for (const state of ["failed", "timedOut", "late"]) {
    const bad = operation({ state, is_finished: true, timeline: [queued, { ...end, state }] });
    assert.equal(operationSteps(bad, now).at(-1)?.state, "failed");
  }
});

test("a clock that is behind counts from zero", () => {
  assert.equal(elapsedMs(at(20), null, now), 0);
});
