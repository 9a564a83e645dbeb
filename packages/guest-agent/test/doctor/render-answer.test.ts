import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8 } from "@nova-agent/xenstore";
import type { Finding, Severity } from "../../src/doctor/finding.ts";
import { TOLD_MAX_CHARACTERS } from "../../src/doctor/limits.ts";
import { renderAnswer } from "../../src/doctor/render-answer.ts";
import { REPLY_MAX_BYTES } from "../../src/limits.ts";
import { encodeReply } from "../../src/protocol/reply.ts";

interface Told {
  readonly ok: number;
  readonly left_out: number;
  readonly findings: readonly (readonly [Severity, string, string, string])[];
}

function tell(findings: readonly Finding[]): Told {
  const message = renderAnswer({ version: "3.0.0", findings });
  const bytes = encodeReply({ returncode: "0", message });
  assert.ok(bytes.length <= REPLY_MAX_BYTES, String(bytes.length));
  // Sent as it is: an answer that is cut is no JSON any more.
  assert.equal((JSON.parse(decodeUtf8(bytes) ?? "") as { message: string }).message, message);
  return JSON.parse(message) as Told;
}

function problem(what: string, fix = "mend"): Finding {
  return { severity: "problem", check: "requests", what, fix };
}

test("findings are told but those that all is well, which are counted", () => {
  const told = tell([
    problem("broken"),
    { severity: "skipped", check: "clock", what: "not here", fix: "" },
    { severity: "ok", check: "disk", what: "There is room", fix: "" },
  ]);
  assert.deepEqual(told, {
    version: "3.0.0",
    ok: 1,
    left_out: 0,
    findings: [
      ["problem", "requests", "broken", "mend"],
      ["skipped", "clock", "not here", ""],
    ],
  });
});

test("of more than one answer carries the first are told whole, and the others counted", () => {
  for (const letters of ["a", "ü", '"', "\\", "\u{1f600}", "\u0007"]) {
    const all = Array.from({ length: 100 }, (_each, index) => problem(`${index} ${letters.repeat(40)}`));
    const { findings, left_out } = tell(all);
    assert.ok(findings.length > 2);
    assert.equal(findings.length + left_out, all.length);
    assert.deepEqual(
      findings.map(([, , what]) => what.split(" ")[0]),
      findings.map((_each, index) => String(index)),
    );
  }
});

test("a finding that has no room does not keep out those behind it that have", () => {
  const { findings, left_out } = tell([
    problem("first"),
    problem(`of one word: ${"x".repeat(REPLY_MAX_BYTES)}`.replaceAll(" ", "_")),
    problem("last"),
  ]);
  assert.deepEqual(
    findings.map(([, , what]) => what),
    ["first", "last"],
  );
  assert.equal(left_out, 1);
});

test("long words are cut between two of them, so that names stay whole", () => {
  const mac = "BC:76:4E:20:6C:5B";
  const [found] = tell([problem(`No VIF has ${Array.from({ length: 40 }, () => mac).join(" ")}`)]).findings;
  const what = found?.[2] ?? "";
  assert.ok(what.length <= TOLD_MAX_CHARACTERS + " ...".length);
  assert.match(what, /^No VIF has (?:BC:76:4E:20:6C:5B )+\.\.\.$/);
});

test("half a command is never told", () => {
  const [found] = tell([problem("broken", `rm ${"/very/long".repeat(50)}`)]).findings;
  assert.equal(found?.[3], "Run nova-agent doctor in the guest");
});

test("what would steer a terminal is shown, and lines become one", () => {
  const [found] = tell([problem("one\n  two\u001b[2J", "mend\nit")]).findings;
  assert.deepEqual(found?.slice(2), ["one two\\x1b[2J", "mend it"]);
});
