import assert from "node:assert/strict";
import test from "node:test";
import { sampleInstance } from "@nova-agent/host/testing";
import type { Instance } from "../../../src/index.ts";
import { type HeartbeatFacts, isBooting, isDue } from "../../../src/instances/presence/is-due.ts";

const MINUTE = 60_000;
const nowMs = 60 * MINUTE;
const now = new Date("2026-01-02T04:00:00.000Z");

function ago(minutes: number): Date {
  return new Date(now.getTime() - minutes * MINUTE);
}

function facts(changes: Partial<Instance>, others: Partial<HeartbeatFacts> = {}): HeartbeatFacts {
  const instance = sampleInstance({ agentSeenAt: ago(1), agentFeatures: ["version"], ...changes });
  const domain = { domid: 5, cameMs: undefined };
  return { instance, hasAgent: true, domain, askedMs: undefined, nowMs, now, ...others };
}

const came = (minutes: number) => ({ domain: { domid: 5, cameMs: nowMs - minutes * MINUTE } });

const cases: readonly (readonly [string, boolean, HeartbeatFacts])[] = [
  ["one that was heard lately is left alone", false, facts({})],
  ["one that was not heard for a while is asked", true, facts({ agentSeenAt: ago(3) })],
  ["one that was never heard is asked", true, facts({ agentSeenAt: null })],
  [
    "one that was asked lately is left alone",
    false,
    facts({ agentSeenAt: ago(9) }, { askedMs: nowMs - 2 * MINUTE }),
  ],
  ["one of which nobody knows what it offers is asked", true, facts({ agentFeatures: null })],
  ["one without an agent is left alone", false, facts({ agentSeenAt: null }, { hasAgent: false })],
  ["one that got an agent later is asked", true, facts({ agentSeenAt: ago(9) }, { hasAgent: false })],
  [
    "one whose rescue system has no agent is left alone",
    false,
    facts({ agentSeenAt: ago(9), vmState: "rescued" }, { hasAgent: false }),
  ],
  ["one without a domain is left alone", false, facts({ agentSeenAt: ago(9) }, { domain: undefined })],
  ["one that an action has is left alone", false, facts({ agentSeenAt: ago(9), taskState: "rebooting" })],
  ["one that was not heard since its domain came is asked", true, facts({ agentSeenAt: ago(2) }, came(1))],
  ["one that was heard since then is left alone", false, facts({ agentSeenAt: ago(1) }, came(2))],
  [
    "one that did not answer something is asked whether it is there",
    true,
    facts({ agentSeenAt: ago(1), agentSilentSince: ago(0) }),
  ],
  ["one that was heard before the time of day was set back is asked", true, facts({ agentSeenAt: ago(-60) })],
  [
    "one that boots is asked more often",
    true,
    facts({ agentSeenAt: ago(9) }, { ...came(2), askedMs: nowMs - MINUTE / 2 }),
  ],
  [
    "but not all the time",
    false,
    facts({ agentSeenAt: ago(9) }, { ...came(2), askedMs: nowMs - MINUTE / 3 }),
  ],
];

for (const [name, expected, given] of cases) {
  test(name, () => assert.equal(isDue(given), expected));
}

test("a domain boots until its agent is heard, and for five minutes at most", () => {
  assert.equal(isBooting(facts({ agentSeenAt: ago(9) }, came(4))), true);
  assert.equal(isBooting(facts({ agentSeenAt: ago(9) }, came(6))), false);
  assert.equal(isBooting(facts({ agentSeenAt: ago(3) }, came(4))), false);
  assert.equal(isBooting(facts({ agentSeenAt: ago(9) })), false);
});
