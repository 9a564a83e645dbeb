import assert from "node:assert/strict";
import test from "node:test";
import { FINDING_MAX_CHARACTERS, FINDINGS_MAX } from "../../src/index.ts";
import { parseFindings } from "../../src/model/guest-finding.ts";
import { hasCode } from "../support/has-code.ts";

function reply(findings: unknown, counts: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ version: "3.0.0", ok: 0, left_out: 0, findings, ...counts });
}

const full = ["problem", "disk", "/ has 0 of 8192 MiB free", "du -xh /"] as const;

test("findings are rows of severity, check, what and fix, the worst first", () => {
  const rows = [["skipped", "clock", "Not here", ""], ["warning", "version", "Old", "Update"], full];
  assert.deepEqual(parseFindings(reply(rows)), [
    { severity: "problem", check: "disk", what: "/ has 0 of 8192 MiB free", fix: "du -xh /" },
    { severity: "warning", check: "version", what: "Old", fix: "Update" },
    { severity: "skipped", check: "clock", what: "Not here", fix: "" },
  ]);
});

test("what had no room in the answer, and how often all was well, are told last", () => {
  assert.deepEqual(parseFindings(reply([full], { ok: 14, left_out: 1 })).slice(1), [
    {
      severity: "warning",
      check: "doctor",
      what: "The guest's answer had no room for 1 more finding",
      fix: "Run nova-agent doctor in the guest",
    },
    { severity: "ok", check: "doctor", what: "14 looks found all well", fix: "" },
  ]);
});

test("fields that a later agent may add are passed over", () => {
  assert.equal(parseFindings(reply([full], { since: "yesterday" })).length, 1);
});

test("no letter of the guest's steers a terminal or the direction of a line", () => {
  const row = ["problem", "disk", "a\u001b[2Jb\nc\u202Ed\u200Be\uD800", "\u0000rm\u2028"];
  const [found] = parseFindings(reply([row]));
  assert.deepEqual([found?.what, found?.fix], ["a�[2Jb�c�d�e�", "�rm�"]);
});

test("a guest cannot say more of one finding than is kept", () => {
  const [found] = parseFindings(reply([["problem", "disk", "x".repeat(5000), "y".repeat(5000)]]));
  assert.equal(found?.what.length, FINDING_MAX_CHARACTERS);
  assert.equal(found.fix.length, FINDING_MAX_CHARACTERS);
});

test("an empty message is that of an agent that does not know the command", () => {
  assert.throws(() => parseFindings(""), hasCode("GUEST_UNSUPPORTED"));
});

const bad: readonly (readonly [what: string, message: string])[] = [
  ["no JSON", "all is well"],
  ["a list", "[]"],
  ["null", "null"],
  ["no findings", '{"ok":1,"left_out":0}'],
  ["findings that are no list", reply({ length: 1 })],
  ["a finding that is no list", reply([{ severity: "problem" }])],
  ["a finding with too few parts", reply([full.slice(0, 3)])],
  ["a finding with too many parts", reply([[...full, ""]])],
  ["an unknown severity", reply([["fatal", "disk", "x", "y"]])],
  ["a severity that every object has", reply([["constructor", "disk", "x", "y"]])],
  ["a check that is no name", reply([["problem", "Disk <b>", "x", "y"]])],
  ["a check of a long name", reply([["problem", "d".repeat(41), "x", "y"]])],
  ["what is a number", reply([["problem", "disk", 5, "y"]])],
  ["a fix that is null", reply([["problem", "disk", "x", null]])],
  ["a count below nothing", reply([], { ok: -1 })],
  ["a count that is no number", reply([], { left_out: "many" })],
  ["a count without end", reply([], { ok: 1e300 })],
  ["too many findings", reply(Array.from({ length: FINDINGS_MAX + 1 }, () => ["ok", "a", "", ""]))],
  ["a message without end", reply([["problem", "disk", "x".repeat(20_000), ""]])],
];

for (const [what, message] of bad) {
  test(`${what} is no answer of a doctor`, () => {
    assert.throws(() => parseFindings(message), hasCode("GUEST_BAD_REPLY"));
  });
}
