// Stands for the part of node:assert/strict that tests use, in programs that run on the engine.

/** Why an assertion failed. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

function fail(message: string): never {
  throw new AssertionError(message);
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof RegExp || typeof value !== "object" || value === null) return String(value);
  return (
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)) ?? "?"
  );
}

function ok(value: unknown, message?: string): asserts value {
  if (!value) fail(message ?? `${show(value)} is not true`);
}

function equal(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) fail(message ?? `${show(actual)} is not ${show(expected)}`);
}

function notEqual(actual: unknown, unexpected: unknown, message?: string): void {
  if (Object.is(actual, unexpected)) fail(message ?? `${show(actual)} was not expected`);
}

function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (!isSame(actual, expected)) fail(message ?? `${show(actual)} is not ${show(expected)}`);
}

function notDeepEqual(actual: unknown, unexpected: unknown, message?: string): void {
  if (isSame(actual, unexpected)) fail(message ?? `${show(actual)} was not expected`);
}

function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (left instanceof Map && right instanceof Map) return isSame([...left], [...right]);
  if (left instanceof Set && right instanceof Set) return isSame([...left], [...right]);
  if (left instanceof Error && right instanceof Error && left.message !== right.message) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(valueOf(left, key), valueOf(right, key)))
  );
}

function valueOf(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}

type Expectation =
  | RegExp
  | ((error: unknown) => boolean | undefined | void)
  | (new (...args: never[]) => unknown)
  | object;

function checkError(error: unknown, expectation: Expectation | undefined): void {
  if (expectation === undefined) return;
  if (expectation instanceof RegExp) {
    if (!expectation.test(String(error))) fail(`${show(error)} does not match ${String(expectation)}`);
  } else if (typeof expectation === "function") {
    const isClass = expectation.prototype instanceof Error || expectation === Error;
    const isRight = isClass
      ? error instanceof (expectation as new () => unknown)
      : (expectation as (error: unknown) => unknown)(error) === true;
    if (!isRight) fail(`${show(error)} is not what was expected`);
  } else {
    for (const [key, value] of Object.entries(expectation)) {
      const actual = valueOf(error as object, key);
      const isRight = value instanceof RegExp ? value.test(String(actual)) : isSame(actual, value);
      if (!isRight) fail(`The error's ${key} is ${show(actual)} and not ${show(value)}`);
    }
  }
}

function throws(body: () => unknown, expectation?: Expectation): void {
  try {
    body();
  } catch (error) {
    checkError(error, expectation);
    return;
  }
  fail("Nothing was thrown");
}

async function rejects(
  body: Promise<unknown> | (() => Promise<unknown>),
  expectation?: Expectation,
): Promise<void> {
  try {
    await (typeof body === "function" ? body() : body);
  } catch (error) {
    checkError(error, expectation);
    return;
  }
  fail("Nothing was rejected");
}

function doesNotThrow(body: () => unknown): void {
  body();
}

function match(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) fail(`${show(text)} does not match ${String(pattern)}`);
}

function doesNotMatch(text: string, pattern: RegExp): void {
  if (pattern.test(text)) fail(`${show(text)} matches ${String(pattern)}`);
}

/** The functions by the names that node:assert/strict has. */
export const assert = Object.assign(ok, {
  ok,
  equal,
  strictEqual: equal,
  notEqual,
  deepEqual,
  deepStrictEqual: deepEqual,
  notDeepEqual,
  throws,
  rejects,
  doesNotThrow,
  match,
  doesNotMatch,
  fail,
});
