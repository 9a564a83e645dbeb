import assert from "node:assert/strict";
import { test } from "node:test";
import type { Activity, ActivityEvent } from "../../src/browser/model/activity.ts";
import { findRescue, isWithoutPassword, rescueSteps } from "../../src/browser/model/rescue-steps.ts";

const AT = "2026-01-02T03:04:05.000Z";
const now = new Date("2026-01-02T03:04:09.000Z");

function event(name: string, result: "Success" | "Error" | null): ActivityEvent {
  const details = result === "Error" ? "No answer" : "";
  return { event: name, started_at: AT, finished_at: result === null ? null : AT, result, details };
}

function action(name: string, changes: Partial<Activity> = {}): Activity {
  return {
    request_id: "req-1",
    action: name,
    user: { id: "2", name: "ann" },
    started_at: AT,
    finished_at: null,
    result: null,
    message: "",
    events: [],
    operations: [],
    ...changes,
  };
}

const shown = (activity: Activity): readonly string[] =>
  rescueSteps(activity, now).map(({ event: name, state, words = "" }) => `${name} ${state} ${words}`.trim());

test("a rescue shows the steps to come behind the one that goes on", () => {
  const events = [event("shutdown", "Success"), event("domain", null)];
  assert.deepEqual(shown(action("rescue", { events })), [
    "shutdown done",
    "domain running",
    "version waiting",
    "password waiting",
    "reset_network waiting",
  ]);
});

test("a rescue that ended shows what was done, and where it failed", () => {
  const end = { finished_at: AT, result: "Error" };
  const events = [event("shutdown", "Success"), event("domain", "Success"), event("version", "Error")];
  assert.deepEqual(shown(action("rescue", { events, ...end })), [
    "shutdown done",
    "domain done",
    "version failed No answer",
  ]);
});

test("the end of a rescue has steps of its own, each in words", () => {
  const steps = rescueSteps(action("unrescue"), now);
  assert.deepEqual(
    steps.map(({ event: name }) => name),
    ["shutdown", "destroy", "domain"],
  );
  for (const { event: name, name: words } of steps) assert.notEqual(words, name);
});

test("a rescue whose image has no agent sets no password", () => {
  const end = { finished_at: AT, result: "Success" };
  const bare = [event("shutdown", "Success"), event("domain", "Success")];
  assert.equal(isWithoutPassword(action("rescue", { events: bare, ...end })), true);
  assert.equal(isWithoutPassword(action("rescue", { events: bare })), false);
  const whole = [...bare, event("version", "Success"), event("password", "Success")];
  assert.equal(isWithoutPassword(action("rescue", { events: whole, ...end })), false);
  assert.equal(isWithoutPassword(action("unrescue", { events: bare, ...end })), false);
});

test("the newest of both is found among everything else", () => {
  const [reboot, end, begin] = ["reboot", "unrescue", "rescue"].map((name) => action(name));
  assert.ok(reboot && end && begin);
  assert.equal(findRescue([reboot, end, begin]), end);
  assert.equal(findRescue([reboot]), undefined);
});
