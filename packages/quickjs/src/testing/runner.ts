import * as os from "native:os";
import { encodeUtf8 } from "@nova-agent/xenstore";

/** What a test gets; a part of node:test's context. */
export interface TestContext {
  readonly name: string;
  /** Runs at the test's end, the last one first. */
  after(body: () => void | Promise<void>): void;
}

type TestBody = (context: TestContext) => void | Promise<void>;

interface Registered {
  readonly name: string;
  readonly body: TestBody;
}

/** What is told of a test, a line of JSON each. */
export interface TestOutcome {
  readonly name: string;
  /** Undefined when it passed. */
  readonly error?: string;
}

const STDOUT = 1;

// The interface that test files know has one list for the process.
const registered: Registered[] = [];

/** Stands for node:test in programs that run on the engine. */
export function test(name: string, second: unknown, third?: TestBody): void {
  const body = typeof second === "function" ? (second as TestBody) : third;
  if (body !== undefined) registered.push({ name, body });
}

/** Runs all tests, one after the other, and tells of each. */
export async function runTests(): Promise<void> {
  for (const { name, body } of registered) {
    const error = await failureOf(name, body);
    tell(error === undefined ? { name } : { name, error });
  }
}

async function failureOf(name: string, body: TestBody): Promise<string | undefined> {
  const endings: (() => void | Promise<void>)[] = [];
  try {
    await body({ name, after: (ending) => void endings.unshift(ending) });
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
  } finally {
    for (const ending of endings) await ending();
  }
}

function tell(outcome: TestOutcome): void {
  const bytes = encodeUtf8(`${JSON.stringify(outcome)}\n`);
  for (let at = 0; at < bytes.length;) at += Math.max(0, os.write(STDOUT, bytes, at));
}
