import assert from "node:assert/strict";
import test from "node:test";
import { judgeHealth } from "../../src/guests/servers/agent-health.ts";
import { debian, instanceOf } from "../compute/support/samples.ts";

const now = new Date("2026-01-02T04:00:00.000Z");
const bare = { name: "bare", hasAgent: false };
const seen = { agentSeenAt: new Date(now.getTime() - 60_000) };

const cases = [
  ["an agent that was heard lately is healthy", seen, debian, "healthy", /^$/],
  [
    "one that did not answer is silent, since when",
    { ...seen, agentSilentSince: now },
    debian,
    "silent",
    /^The agent has not answered since 2026-01-02T04:00:00.000Z: .*console$/,
  ],
  ["one that was never asked is unknown", {}, debian, "unknown", /not been asked yet/],
  [
    "one that was heard long ago and not asked since is unknown",
    { agentSeenAt: new Date(now.getTime() - 3_600_000) },
    debian,
    "unknown",
    /last heard at 2026-01-02T03:00:00.000Z/,
  ],
  ["an image without agent has none", {}, bare, "none", /^The image bare has no agent/],
  ["one that was put into such an image counts", seen, bare, "healthy", /^$/],
  [
    "but not in a rescue system, where it is not",
    { ...seen, agentSilentSince: now, vmState: "rescued" },
    bare,
    "none",
    /^The image bare has no agent/,
  ],
  ["a server that is stopped has it off", { ...seen, vmState: "stopped" }, debian, "off", /start it/],
  [
    "one that starts is not known yet",
    { ...seen, vmState: "stopped", taskState: "powering-on" },
    debian,
    "unknown",
    /is starting/,
  ],
  ["one that is built is not known yet", { vmState: "building" }, debian, "unknown", /being built/],
  ["of one in error nothing is known", { ...seen, vmState: "error" }, debian, "unknown", /see its fault/],
  ["an image that is gone is no reason", {}, undefined, "unknown", /not been asked yet/],
] as const;

for (const [name, changes, image, health, reason] of cases) {
  test(name, () => {
    const judged = judgeHealth(instanceOf(changes), { image, now });
    assert.equal(judged.health, health);
    assert.match(judged.reason, reason);
  });
}
