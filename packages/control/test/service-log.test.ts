import assert from "node:assert/strict";
import test from "node:test";
import { createLog } from "../src/service-log.ts";

/** What a log of a level writes, line by line. */
function lines(level: "info" | "warn"): {
  readonly written: unknown[];
  readonly log: ReturnType<typeof createLog>;
} {
  const written: unknown[] = [];
  return { written, log: createLog({ write: (line) => void written.push(JSON.parse(line)) }, level) };
}

test("each event is a line of JSON with its level, its time, its message and its facts", () => {
  const { written, log } = lines("info");
  log.info("token issued", { userId: "ada\nBob" });
  log.warn("authentication refused");
  const [first, second] = written as readonly Readonly<Record<string, unknown>>[];
  const { time, ...rest } = first ?? {};
  assert.deepEqual(rest, { level: 30, userId: "ada\nBob", msg: "token issued" });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([second?.["level"], second?.["msg"]], [40, "authentication refused"]);
});

test("what is below the level is not written", () => {
  const { written, log } = lines("warn");
  log.info("request answered");
  log.error("request failed");
  assert.equal(written.length, 1);
});
