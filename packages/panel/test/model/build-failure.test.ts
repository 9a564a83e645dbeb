import assert from "node:assert/strict";
import test from "node:test";
import type { ActivityEvent } from "../../src/browser/model/activity.ts";
import { type BuildFailure, explainBuild } from "../../src/browser/model/build-failure.ts";
import { sampleActivity, sampleEvent, sampleOperation } from "../support/sample-activity.ts";

function failedAt(event: string, changes: Partial<ActivityEvent> = {}): BuildFailure {
  const failed = sampleEvent(event, 3, { result: "Error", details: "It did not", ...changes });
  const failure = explainBuild(
    sampleActivity({ result: "Error", message: "Build failed", events: [sampleEvent("ports", 1), failed] }),
  );
  assert.ok(failure);
  return failure;
}

test("a build that went well, or goes on, needs no explanation", () => {
  assert.equal(explainBuild(sampleActivity({})), undefined);
  assert.equal(explainBuild(sampleActivity({ finished_at: null, result: null })), undefined);
});

test("every step has a meaning and advice of its own", () => {
  const events = ["ports", "domain", "xe_daemon", "version", "files", "password", "reset_network"];
  const failures = events.map((event) => failedAt(event));
  assert.equal(new Set(failures.map(({ meaning }) => meaning)).size, events.length);
  for (const { advice } of failures) assert.ok(advice.length > 1);
});

test("the words are those of the step that failed", () => {
  assert.equal(failedAt("files").words, "It did not");
  assert.equal(failedAt("files", { details: "" }).words, "Build failed");
});

test("a silent agent leads to the agent, and a host that failed does not", () => {
  assert.equal(failedAt("version").isGuestThere, true);
  assert.equal(failedAt("domain").isGuestThere, false);
});

test("an agent that does not offer what was asked is told from one that failed", () => {
  const error = { code: "GUEST_UNSUPPORTED", message: "It offers no file injection" };
  const failure = explainBuild(
    sampleActivity({
      result: "Error",
      events: [sampleEvent("files", 3, { result: "Error" })],
      operations: [sampleOperation({ kind: "injectFile", state: "failed", is_finished: true, error })],
    }),
  );
  assert.match(failure?.meaning ?? "", /does not offer/);
});

test("an error of an earlier request does not explain a later step of the host", () => {
  const error = { code: "GUEST_UNSUPPORTED", message: "It offers no features" };
  const failure = explainBuild(
    sampleActivity({
      result: "Error",
      events: [sampleEvent("domain", 3, { result: "Error" })],
      operations: [sampleOperation({ state: "failed", is_finished: true, error })],
    }),
  );
  assert.equal(failure?.meaning, failedAt("domain").meaning);
});

test("a build that was cut off by a restart says so", () => {
  const failure = explainBuild(sampleActivity({ result: "Error", message: "The service was restarted" }));
  assert.equal(failure?.step, undefined);
  assert.equal(failure?.words, "The service was restarted");
  assert.match(failure.meaning, /restarted/);
});
