import assert from "node:assert/strict";
import test from "node:test";
import { type Finding, isCommand, rankFindings, summarize } from "../../src/browser/model/finding.ts";

function finding(severity: Finding["severity"]): Finding {
  return { where: "host", check: "agent", severity, what: severity, fix: "" };
}

test("the worst findings stand first", () => {
  const findings = (["ok", "skipped", "problem", "warning"] as const).map(finding);
  assert.deepEqual(
    rankFindings(findings).map(({ severity }) => severity),
    ["problem", "warning", "skipped", "ok"],
  );
});

test("findings are counted in words, as bad as the worst of them", () => {
  const bad = (["problem", "warning", "warning", "ok"] as const).map(finding);
  assert.deepEqual(summarize(bad), { text: "1 problem, 2 warnings", tone: "bad" });
  assert.deepEqual(summarize([finding("warning")]), { text: "1 warning", tone: "warn" });
  assert.deepEqual(summarize([finding("ok")]), { text: "All is well", tone: "good" });
  assert.equal(summarize([]).tone, "quiet");
});

test("what can be typed is told apart from what is to be done", () => {
  for (const fix of ["systemctl restart nova-agent", "/sbin/reboot", "rm /etc/nologin"]) {
    assert.equal(isCommand(fix), true, fix);
  }
  assert.equal(isCommand("Install nova-agent in the guest"), false);
});
