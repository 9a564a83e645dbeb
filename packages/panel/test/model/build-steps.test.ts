import assert from "node:assert/strict";
import test from "node:test";
import { buildSteps, findBuild } from "../../src/browser/model/build-steps.ts";
import { at, sampleActivity, sampleEvent } from "../support/sample-activity.ts";

const now = new Date(at(20));
const going = sampleActivity({ finished_at: null, result: null, events: [sampleEvent("ports", 1)] });

function eventsOf(build: typeof going, hasAgent: boolean | undefined): readonly string[] {
  return buildSteps(build, { hasAgent, now }).map(({ event }) => event);
}

test("a server is built in seven steps", () => {
  const expected = ["ports", "domain", "xe_daemon", "version", "files", "password", "reset_network"];
  assert.deepEqual(eventsOf(going, true), expected);
});

test("each step has words of its own", () => {
  const names = buildSteps(going, { hasAgent: true, now }).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.equal(
    names.some((name) => name.includes("_")),
    false,
  );
});

test("a server without an agent is built in two steps", () => {
  assert.deepEqual(eventsOf(going, false), ["ports", "domain"]);
});

test("nothing is said to wait before it is known whether there is an agent", () => {
  assert.deepEqual(eventsOf(going, undefined), ["ports"]);
});

test("the newest build is found among what was done", () => {
  const all = [sampleActivity({ action: "reboot" }), going, sampleActivity({ message: "long ago" })];
  assert.equal(findBuild(all), going);
  assert.equal(findBuild([]), undefined);
});
