import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger, type LogLevel } from "../src/log.ts";

function linesOf(level: LogLevel): string[] {
  const lines: string[] = [];
  const log = createLogger({ level, write: (line) => lines.push(line), unixTime: () => 1_767_323_045 });
  log.debug("Looked");
  log.info("Request done", { requestId: "a", command: "version", durationMs: 3, returncode: "0" });
  log.warn("Slow", { command: undefined });
  log.error("Broken", { error: 'two\nlines and "quotes"' });
  return lines;
}

test("a log line is a JSON object of time, level, message and fields", () => {
  assert.deepEqual(linesOf("debug"), [
    '{"time":"2026-01-02T03:04:05.000Z","level":"debug","message":"Looked"}',
    '{"time":"2026-01-02T03:04:05.000Z","level":"info","message":"Request done",' +
      '"requestId":"a","command":"version","durationMs":3,"returncode":"0"}',
    '{"time":"2026-01-02T03:04:05.000Z","level":"warn","message":"Slow"}',
    '{"time":"2026-01-02T03:04:05.000Z","level":"error","message":"Broken",' +
      '"error":"two\\nlines and \\"quotes\\""}',
  ]);
});

function levelsOf(level: LogLevel): unknown[] {
  return linesOf(level).map((line) => (JSON.parse(line) as { level: string }).level);
}

test("lines below the level are left out", () => {
  assert.deepEqual(levelsOf("info"), ["info", "warn", "error"]);
  assert.deepEqual(levelsOf("warn"), ["warn", "error"]);
  assert.deepEqual(levelsOf("error"), ["error"]);
});
