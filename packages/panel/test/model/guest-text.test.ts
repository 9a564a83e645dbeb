import assert from "node:assert/strict";
import test from "node:test";
import { activityAnswer } from "../../src/browser/model/activity.ts";
import { examinationAnswer, findingsAnswer } from "../../src/browser/model/finding.ts";
import { networkAnswer } from "../../src/browser/model/guest-network.ts";
import { operationsAnswer } from "../../src/browser/model/operation.ts";
import { serversAnswer } from "../../src/browser/model/server.ts";
import { at, sampleActivity, sampleEvent, sampleOperation } from "../support/sample-activity.ts";
import { sampleRow } from "../support/sample-row.ts";

/** What a guest answers to be taken for something else. */
const SAID = "no\u202E\u0000 well";
const SHOWN = "no\uFFFD\uFFFD well";

const operation = sampleOperation({
  returncode: SAID,
  message: SAID,
  error: { code: "GUEST_REFUSED", message: SAID },
  timeline: [{ at: at(1), state: "failed", text: SAID }],
});
const finding = { where: "guest", check: "disk", severity: "problem", what: SAID, fix: SAID } as const;

test("what a guest has answered is shown without what hides a text or turns it around", () => {
  const [read] = operationsAnswer.parse({ operations: [operation] }).operations;
  const texts = [read?.returncode, read?.message, read?.error?.message, read?.timeline[0]?.text];
  assert.deepEqual(texts, [SHOWN, SHOWN, SHOWN, SHOWN]);
});

test("so is what an activity says of it", () => {
  const events = [sampleEvent("password", 1, { details: SAID })];
  const answer = { activity: [sampleActivity({ message: SAID, events, operations: [operation] })] };
  const [read] = activityAnswer.parse(answer).activity;
  assert.deepEqual([read?.message, read?.events[0]?.details], [SHOWN, SHOWN]);
  assert.equal(read?.operations[0]?.message, SHOWN);
});

test("so are findings, the words of an examination and of the last reset of a network", () => {
  const [found] = findingsAnswer.parse({ findings: [finding] }).findings;
  assert.deepEqual([found?.what, found?.fix], [SHOWN, SHOWN]);
  assert.equal(examinationAnswer.parse({ findings: [], guest: "refused", words: SAID }).words, SHOWN);
  const reset = { at: at(1), result: "failed", words: SAID };
  const { network } = networkAnswer.parse({ network: { interfaces: [], last_reset: reset } });
  assert.equal(network.last_reset?.words, SHOWN);
});

test("so is why a server is in error", () => {
  const row = sampleRow({ fault: { message: SAID, at: at(1) } });
  assert.equal(serversAnswer.parse({ servers: [row] }).servers[0]?.fault?.message, SHOWN);
});
