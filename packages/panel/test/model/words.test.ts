import assert from "node:assert/strict";
import test from "node:test";
import { agentHealths } from "../../src/browser/model/server.ts";
import {
  actionName,
  countServers,
  healthOf,
  operationName,
  operationState,
  statusOf,
} from "../../src/browser/model/words.ts";

test("a server is told by what is done with it, or else by its status", () => {
  assert.deepEqual(statusOf({ status: "ACTIVE", task_state: null }), { text: "Active", tone: "good" });
  const rebooting = { text: "Rebooting", tone: "busy" };
  assert.deepEqual(statusOf({ status: "ACTIVE", task_state: "rebooting" }), rebooting);
});

test("what has no words of its own is told by its name", () => {
  assert.deepEqual(statusOf({ status: "SHELVED", task_state: null }), { text: "SHELVED", tone: "quiet" });
  assert.deepEqual(statusOf({ status: "ACTIVE", task_state: "shelving" }), {
    text: "shelving",
    tone: "busy",
  });
  assert.equal(operationName("dance"), "dance");
  assert.equal(actionName("dance"), "dance");
  assert.deepEqual(operationState("dancing"), { text: "dancing", tone: "quiet" });
});

test("each health of an agent has words of its own", () => {
  const words = agentHealths.map((health) => healthOf(health).text);
  assert.equal(new Set(words).size, agentHealths.length);
});

test("only an operation that is done is good", () => {
  const states = ["queued", "sent", "taken", "done", "failed", "timedOut", "late"];
  const good = states.filter((state) => operationState(state).tone === "good");
  assert.deepEqual(good, ["done"]);
});

test("servers are counted in words", () => {
  assert.deepEqual([0, 1, 2].map(countServers), ["0 servers", "1 server", "2 servers"]);
});
