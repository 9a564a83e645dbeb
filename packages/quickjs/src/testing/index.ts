export { assert, AssertionError } from "./assert.ts";
export { runTests, test, type TestContext, type TestOutcome } from "./runner.ts";
