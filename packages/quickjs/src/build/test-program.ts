import { createRequire } from "node:module";
import type { Plugin } from "esbuild";
import { build } from "esbuild";
import { buildProgram } from "./program.ts";
import type { Toolchain } from "./toolchain.ts";

/** A program of tests that runs on the engine. */
export interface TestProgramOptions {
  /** Files of tests, compiled; each registers its tests when it is loaded. */
  readonly files: readonly string[];
  readonly output: string;
  readonly cache: string;
  readonly toolchain: Toolchain;
}

const resolve = createRequire(import.meta.url).resolve;

/** Gives files of tests what stands for node:test and node:assert, and refuses all else of Node. */
const testLibraries: Plugin = {
  name: "test-libraries",
  setup(build) {
    build.onResolve({ filter: /^node:test$/ }, () => ({ path: resolve("@nova-agent/quickjs/testing") }));
    build.onResolve({ filter: /^node:assert\/strict$/ }, () => ({ path: "assert", namespace: "library" }));
    build.onLoad({ filter: /^assert$/, namespace: "library" }, () => ({
      contents: 'export { assert as default, AssertionError } from "@nova-agent/quickjs/testing";',
      resolveDir: import.meta.dirname,
    }));
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ errors: [{ text: `there is no ${path}` }] }));
  },
};

/** Whether a file of tests needs nothing of Node but node:test and node:assert/strict. */
export async function needsNoNode(file: string): Promise<boolean> {
  try {
    await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      external: ["native:os"],
      logLevel: "silent",
      plugins: [testLibraries],
    });
    return true;
  } catch {
    return false;
  }
}

/** Builds one executable that runs all tests of these files and prints a line of JSON for each. */
export async function buildTestProgram({ files, ...options }: TestProgramOptions): Promise<void> {
  const imports = files.map((file) => `import ${JSON.stringify(file)};`);
  const entry = [
    'import { loop } from "@nova-agent/quickjs/testing-globals";',
    'import { runTests } from "@nova-agent/quickjs/testing";',
    ...imports,
    "await runTests();",
    "loop.stop();",
  ];
  await buildProgram({ ...options, entry: { text: entry.join("\n") }, plugins: [testLibraries] });
}
