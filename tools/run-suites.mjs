// Runs the suites of a command and sums them up: node tools/run-suites.mjs test|check|e2e [PART-OF-SUITE]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRESS_EVERY_MS = 15_000;
const withUnitTests = [
  "tools/testbed",
  "packages/xenstore",
  "packages/guest-agent",
  "packages/host",
  "packages/cli",
  "packages/control",
];
const withSystemTests = [
  "tools/testbed",
  "packages/xenstore",
  "packages/guest-agent",
  "packages/host",
  "packages/cli",
];

/** A tool that passes or fails as one test. */
const tool = (name, limitSeconds, args) => ({ name, limitSeconds, args, isTool: true });
/** Compiled tests of one folder, in one process. */
const tests = (folder, kind, limitSeconds) => ({
  name: `${folder} ${kind}`,
  limitSeconds,
  args: ["tools/test-entry.mjs", folder, kind],
  isTool: false,
});

const check = [
  tool("format", 60, ["node_modules/oxfmt/bin/oxfmt", "--check"]),
  tool("lint", 120, ["node_modules/oxlint/bin/oxlint", "--type-aware"]),
  ...withUnitTests.map((folder) => tests(folder, "unit", 300)),
];
const e2e = [tests("e2e", "system", 900)];
const suites = {
  check,
  e2e,
  test: [...check, ...withSystemTests.map((folder) => tests(folder, "system", 900)), ...e2e],
};

/** Runs one suite in a process group of its own, so that a hang ends with all its children. */
function runSuite(suite, folder) {
  const results = join(folder, "results.jsonl");
  rmSync(results, { force: true });
  const reporter = suite.isTool
    ? []
    : ["--test-reporter=./tools/test-reporter.mjs", `--test-reporter-destination=${results}`];
  const child = spawn(process.execPath, [...reporter, ...suite.args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = [];
  child.stdout.on("data", (bytes) => output.push(bytes));
  child.stderr.on("data", (bytes) => output.push(bytes));
  const started = Date.now();
  let isLate = false;
  const progress = setInterval(
    () => console.log(`  … ${readResults(results).length} tests, ${seconds(started)}`),
    PROGRESS_EVERY_MS,
  );
  const limit = setTimeout(() => {
    isLate = true;
    process.kill(-child.pid, "SIGKILL");
  }, suite.limitSeconds * 1000);
  const stop = () => process.kill(-child.pid, "SIGKILL");
  process.once("exit", stop);
  return new Promise((resolve) => {
    child.on("close", (status) => {
      clearInterval(progress);
      clearTimeout(limit);
      process.off("exit", stop);
      resolve({
        status,
        isLate,
        time: seconds(started),
        output: Buffer.concat(output).toString(),
        tests: readResults(results),
      });
    });
  });
}

function readResults(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/** What a suite's run comes to; a crash, a hang and a suite without a test count as one failure. */
function judge(suite, run) {
  const listed = (outcome) => run.tests.filter((test) => test.outcome === outcome);
  const failures = listed("failed").map((test) => `${test.name}\n${test.error ?? ""}`);
  if (run.isLate) failures.push(`${suite.name}: not finished after ${suite.limitSeconds} s`);
  else if (run.status !== 0 && failures.length === 0)
    failures.push(`${suite.name}: ended with status ${run.status}`);
  const passed = suite.isTool ? Number(run.status === 0) : listed("passed").length;
  const skipped = listed("skipped").map((test) => `${test.name}: ${test.reason}`);
  if (!suite.isTool && failures.length === 0 && passed + skipped.length === 0)
    failures.push(`${suite.name}: ran no test`);
  return { passed, failures, skipped };
}

function show(suite, run, verdict) {
  const { passed, failures, skipped } = verdict;
  const slow = run.tests
    .filter((test) => test.durationMs > 10_000)
    .map((test) => `${test.name} (${test.durationMs} ms)`);
  console.log(`  ${passed} passed, ${failures.length} failed, ${skipped.length} skipped in ${run.time}`);
  for (const name of slow) console.log(`  slow: ${name}`);
  for (const reason of skipped) console.log(`  skipped: ${reason}`);
  for (const failure of failures) console.log(`  FAILED: ${failure.replaceAll("\n", "\n    ")}`);
  if (failures.length > 0) console.log(run.output.split("\n").slice(-200).join("\n"));
}

async function provision() {
  const { installDebianPackages } = await import("@nova-agent/testbed");
  await installDebianPackages({ log: (line) => console.log(line) });
}

async function main() {
  const [command = "", part = ""] = process.argv.slice(2);
  const chosen = suites[command].filter((suite) => suite.name.includes(part));
  if (command !== "check") await provision();
  const folder = mkdtempSync(join(tmpdir(), "nova-suites-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of chosen) {
    console.log(`${suite.name} (limit ${suite.limitSeconds} s)`);
    const run = await runSuite(suite, folder);
    const verdict = judge(suite, run);
    show(suite, run, verdict);
    total.passed += verdict.passed;
    total.failed += verdict.failures.length;
    total.skipped += verdict.skipped.length;
  }
  const isFull = process.env["CI"] !== "true" || total.skipped === 0;
  if (!isFull) console.log("With CI=true nothing may be skipped");
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 && total.passed > 0 && isFull ? 0 : 1;
}

await main();
