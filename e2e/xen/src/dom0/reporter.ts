import { inspect } from "node:util";
import { encodeMessage } from "../boot/messages.ts";

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name: string;
    readonly skip?: string | boolean;
    readonly details: { readonly duration_ms: number; readonly error?: Error & { readonly cause?: unknown } };
  };
}

/** A reporter for node:test that tells every finished test in one line of the console. */
export async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { error } = data.details;
    yield encodeMessage({
      kind: "test",
      name: data.name,
      isPassed: type === "test:pass",
      durationMs: Math.round(data.details.duration_ms),
      error: error === undefined ? "" : describe(error.cause ?? error),
    });
  }
  yield encodeMessage({ kind: "end" });
}

/** Our own errors say all in their message; of others, such as a failed assertion, every field may help. */
function describe(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? error.message : inspect(error, { depth: 4 });
}
