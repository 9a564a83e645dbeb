// A node:test reporter for run-suites.mjs: one JSON line a finished test, and one when all are.
import { inspect } from "node:util";

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" && type === "test:pass") continue;
    const { error } = data.details;
    const reason = data.skip ?? data.todo;
    yield `${JSON.stringify({
      name: data.name,
      file: data.file,
      outcome: type === "test:fail" ? "failed" : reason === undefined ? "passed" : "skipped",
      reason: reason === true ? "no reason given" : reason,
      durationMs: Math.round(data.details.duration_ms),
      error: error === undefined ? undefined : inspect(error.cause ?? error, { depth: 4 }),
    })}\n`;
  }
  // A process that ended before its tests has not come here, whatever its status says.
  yield `${JSON.stringify({ outcome: "end" })}\n`;
}
