import assert from "node:assert/strict";
import test from "node:test";
import { actionSteps } from "../../src/browser/model/action-steps.ts";
import { at, sampleActivity, sampleEvent, sampleOperation } from "../support/sample-activity.ts";

const planned = [{ event: "vm_data" }, { event: "reset_network", kind: "resetNetwork" }] as const;
const now = new Date(at(9));
const going = { finished_at: null, result: null } as const;

test("what has not begun waits while the action goes on", () => {
  const action = sampleActivity({ ...going, events: [sampleEvent("vm_data", 1)] });
  const steps = actionSteps(action, { planned, now });
  assert.deepEqual(
    steps.map(({ event, state, durationMs }) => [event, state, durationMs]),
    [
      ["vm_data", "done", 2_000],
      ["reset_network", "waiting", undefined],
    ],
  );
});

test("what an action that has ended did not begin is left out", () => {
  const failed = sampleEvent("vm_data", 1, { result: "Error", details: "No space" });
  const steps = actionSteps(sampleActivity({ result: "Error", events: [failed] }), { planned, now });
  assert.deepEqual(
    steps.map(({ event, state, words }) => [event, state, words]),
    [["vm_data", "failed", "No space"]],
  );
});

test("a step that goes on counts the seconds, and says how far the guest is", () => {
  const events = [sampleEvent("reset_network", 4, going)];
  const operations = [sampleOperation({ kind: "resetNetwork", state: "taken", attempts: 2 })];
  const [, step] = actionSteps(sampleActivity({ ...going, events, operations }), { planned, now });
  assert.equal(step?.durationMs, 5_000);
  assert.equal(step.words, "Read by the guest, attempt 2");
});

test("a step has no time in its first second", () => {
  const events = [sampleEvent("reset_network", 9, going)];
  const [, step] = actionSteps(sampleActivity({ ...going, events }), { planned, now });
  assert.deepEqual([step?.state, step?.durationMs, step?.words], ["running", undefined, undefined]);
});

test("a step that was done again shows its newest attempt", () => {
  const events = [sampleEvent("vm_data", 1, { result: "Error" }), sampleEvent("vm_data", 5, going)];
  const [step] = actionSteps(sampleActivity({ ...going, events }), { planned, now });
  assert.equal(step?.state, "running");
});

test("a plan may call a step by a name of its own", () => {
  const steps = actionSteps(sampleActivity(going), { planned: [{ event: "vif", name: "Plug it" }], now });
  assert.deepEqual(
    steps.map(({ name }) => name),
    ["Plug it"],
  );
});
