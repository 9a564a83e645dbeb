// A node:test reporter for run-suites.mjs: one JSON line a finished test.
import { inspect } from "node:util";

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" && type === "test:pass") continue;
    const { error } = data.details;
    yield `${JSON.stringify({
      name: data.name,
      file: data.file,
      outcome:
        type === "test:fail" ? "failed" : (data.skip ?? data.todo) === undefined ? "passed" : "skipped",
      reason: data.skip ?? data.todo,
      durationMs: Math.round(data.details.duration_ms),
      error: error === undefined ? undefined : inspect(error.cause ?? error, { depth: 4 }),
    })}\n`;
  }
}
