import assert from "node:assert/strict";
import test from "node:test";
import { HostError } from "@nova-agent/host";
import { CliError, EXIT_CODE_HELP, ExitCode, exitCodeOf } from "../src/index.ts";

const errors = [
  [new HostError("GUEST_REFUSED", ""), 1],
  [new HostError("GUEST_BAD_REPLY", ""), 1],
  [new HostError("XENSTORE_FAILED", ""), 1],
  [new CliError("USAGE", ""), 2],
  [new HostError("BAD_ARGUMENT", ""), 2],
  [new CliError("XENSTORE_UNREACHABLE", ""), 3],
  [new HostError("NO_SUCH_DOMAIN", ""), 4],
  [new HostError("GUEST_GONE", ""), 4],
  [new HostError("GUEST_TIMEOUT", ""), 5],
  [new HostError("TOO_LARGE", ""), 6],
  [new HostError("GUEST_UNSUPPORTED", ""), 6],
  [new HostError("OUTCOME_UNKNOWN", ""), 7],
  [new HostError("CANCELLED", ""), 130],
  [new CliError("INTERRUPTED", ""), 130],
  [new CliError("NO_HTTP", ""), 6],
  [new CliError("API_UNREACHABLE", ""), 3],
  [new CliError("API_NOT_FOUND", ""), 4],
  [new CliError("API_REFUSED", ""), 1],
  [new CliError("API_FAILED", ""), 1],
  [new CliError("API_TIMEOUT", ""), 5],
  [new Error("bug"), 1],
] as const;

for (const [error, exitCode] of errors) {
  const name = "code" in error ? error.code : "an unforeseen error";
  test(`${name} ends with exit code ${exitCode}`, () => assert.equal(exitCodeOf(error), exitCode));
}

test("the help names every exit code", () => {
  const named = EXIT_CODE_HELP.matchAll(/^ {2}(\d+) /gm);
  assert.deepEqual(new Set([...named].map((match) => Number(match[1]))), new Set(Object.values(ExitCode)));
});
