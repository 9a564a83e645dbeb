import assert from "node:assert/strict";
import { join } from "node:path";
import { buildTestProgram, muslToolchain, type Toolchain } from "@nova-agent/quickjs/build";
import { startProcess } from "./process.ts";
import { repositoryRoot } from "./repository.ts";
import { type Cleanup, temporaryDirectory } from "./temporary-directory.ts";

/** Files of tests to be run on the engine of the static executables. */
export interface EngineTests {
  readonly files: readonly string[];
  /** How many tests there are at least, so that none is lost unseen. */
  readonly testsMin: number;
  /** For static executables when nothing is said. */
  readonly toolchain?: Toolchain;
  /** Behind the empty directory. */
  readonly args?: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly error?: string;
}

/** Builds a program of the tests, runs it with an empty directory as its first argument, and fails as they do. */
export async function runOnEngine(cleanup: Cleanup, tests: EngineTests): Promise<void> {
  const { files, testsMin, toolchain = muslToolchain, args = [] } = tests;
  const directory = await temporaryDirectory(cleanup);
  const output = join(directory, "tests");
  const cache = join(repositoryRoot(), ".cache/engines");
  await buildTestProgram({ files, output, cache, toolchain });
  const work = await temporaryDirectory(cleanup);
  const running = startProcess({ argv: [output, work, ...args] });
  cleanup.after(() => running.stop());
  const { status, stdout, stderr } = await running.exited;
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  const outcomes = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Outcome);
  assert.deepEqual(
    outcomes.filter(({ error }) => error !== undefined),
    [],
  );
  assert.ok(outcomes.length >= testsMin, `only ${outcomes.length} tests ran`);
}
