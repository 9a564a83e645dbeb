import assert from "node:assert/strict";
import test from "node:test";
import { commandRule, isSuccess } from "../../src/model/command-rule.ts";

/** Nova's table: which codes mean success, and how long it waits. */
const rules = [
  ["version", "0", true, 30_000],
  ["version", "500", false, 30_000],
  ["features", "0", true, 30_000],
  ["doctor", "0", true, 30_000],
  ["keyinit", "D0", true, 30_000],
  ["keyinit", "0", false, 30_000],
  ["password", "0", true, 30_000],
  ["password", "D0", false, 30_000],
  ["resetnetwork", "0", true, 60_000],
  ["resetnetwork", "500", true, 60_000],
  ["resetnetwork", "1", false, 60_000],
  ["file_inject", "0", true, 30_000],
  ["constructor", "0", true, 30_000],
] as const;

for (const [name, returncode, isDone, timeoutMs] of rules) {
  test(`code ${returncode} of "${name}" within ${timeoutMs / 1000} s means ${isDone ? "done" : "refused"}`, () => {
    assert.equal(isSuccess(name, { returncode, message: "", isIntegerCode: false }), isDone);
    assert.equal(commandRule(name).timeoutMs, timeoutMs);
  });
}

/** Whether doing it twice leads where doing it once does. */
const repeatable = [
  ["version", true],
  ["features", true],
  ["doctor", true],
  ["keyinit", true],
  ["injectfile", true],
  ["file_inject", true],
  ["resetnetwork", true],
  ["password", false],
  ["kmsactivate", false],
  ["agentupdate", false],
  ["dance", false],
] as const;

for (const [name, mayRepeat] of repeatable) {
  test(`"${name}" may ${mayRepeat ? "" : "not "}be repeated`, () => {
    assert.equal(commandRule(name).mayRepeat, mayRepeat);
  });
}
