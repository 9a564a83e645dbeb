// Runs the suites of a command and sums them up: node tools/run-suites.mjs test|check|e2e|e2e:xen [PART-OF-SUITE]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRESS_EVERY_MS = 15_000;
const OUTPUT_GRACE_MS = 1000;
const SUITES_AT_ONCE = Math.min(2, availableParallelism());
const withUnitTests = [
  "tools/testbed",
  "packages/xenstore",
  "packages/guest-agent",
  "packages/host",
  "packages/api",
  "packages/cli",
  "packages/control",
  "packages/panel",
  "packaging",
  "simulation",
  "e2e/xen",
];
const withSystemTests = [
  "tools/testbed",
  "packages/quickjs",
  "packages/xenstore",
  "packages/guest-agent",
  "packages/host",
  "packages/cli",
  "packages/control",
  "packaging",
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
/** What looks at the machine, or makes work for it that somebody waits for: one of these at a time. */
const oneAtATime = (suite) => ({ ...suite, isExclusive: true });
const e2e = [oneAtATime(tests("e2e", "system", 900)), oneAtATime(tests("e2e/panel", "system", 1500))];
// Five boots, which take some minutes each on a quiet machine, and the downloads before them. It needs one
// processor and all that time, so it runs beside the others.
const realXen = [{ ...tests("e2e/xen", "system", 5400), isLive: true, isFirst: true }];
// The agent's has every network manager bring about every network of the table.
const systemLimits = new Map([["packages/guest-agent", 1800]]);
const system = withSystemTests.map((folder) =>
  oneAtATime(tests(folder, "system", systemLimits.get(folder) ?? 900)),
);
const suites = {
  check,
  e2e,
  "e2e:xen": realXen,
  test: [...check, ...system, ...e2e, ...realXen],
};

/**
 * Runs the suites, some at once, and calls `onEnd` with each and its run. The next one is the
 * first in the table that may run.
 */
async function runSuites(chosen, { folder, onEnd }) {
  const waiting = chosen.toSorted((one, other) => rank(one) - rank(other));
  const running = new Map();
  while (waiting.length + running.size > 0) {
    const isHeld = [...running.keys()].some((suite) => suite.isExclusive);
    const next = waiting.findIndex((suite) => !(isHeld && suite.isExclusive));
    if (next !== -1 && running.size < SUITES_AT_ONCE) {
      const [suite] = waiting.splice(next, 1);
      const places = [...running.values()].map(({ place }) => place);
      const place = places.includes(0) ? 1 : 0;
      running.set(suite, { place, end: runSuite(suite, { folder, place }).then((run) => [suite, run]) });
      continue;
    }
    const [suite, run] = await Promise.race([...running.values()].map(({ end }) => end));
    running.delete(suite);
    onEnd(suite, run);
  }
}

/** The longest starts first, beside the others; one after the other, it waits until all else is known. */
function rank(suite) {
  return suite.isFirst && SUITES_AT_ONCE > 1 ? 0 : 1;
}

/** Runs one suite in a process group of its own, so that a hang ends with all its children. */
async function runSuite(suite, { folder, place }) {
  const results = join(folder, `results${place}.jsonl`);
  const started = Date.now();
  const child = startSuite(suite, { results, temporary: join(folder, `t${place}`) });
  const readOutput = collectOutput(child);
  // A suite that takes minutes tells what it does.
  if (suite.isLive) createInterface({ input: child.stdout }).on("line", (line) => console.log(line));
  const kill = () => killGroup(child.pid);
  // Before the folder is removed.
  process.prependOnceListener("exit", kill);
  let isLate = false;
  const progress = setInterval(
    () => suite.isLive || console.log(`… ${suite.name}: ${countTests(results)}, ${seconds(started)}`),
    PROGRESS_EVERY_MS,
  );
  const limit = setTimeout(() => {
    isLate = true;
    kill();
  }, suite.limitSeconds * 1000);
  const [status, signal] = await once(child, "exit");
  clearInterval(progress);
  clearTimeout(limit);
  process.off("exit", kill);
  // What it has left behind.
  kill();
  const output = await readOutput();
  return {
    end: signal ?? `status ${status}`,
    isLate,
    time: seconds(started),
    output,
    ...readResults(results),
  };
}

/** Starts the suite with places of its own for its results and for all that its tests make. */
function startSuite(suite, { results, temporary }) {
  rmSync(results, { force: true });
  mkdirSync(temporary, { recursive: true });
  const reporter = ["--test-reporter=./tools/test-reporter.mjs", `--test-reporter-destination=${results}`];
  return spawn(process.execPath, [...(suite.isTool ? [] : reporter), ...suite.args], {
    detached: true,
    env: { ...process.env, TMPDIR: temporary },
    // The channel tells test-entry.mjs when this process was killed.
    stdio: ["ignore", "pipe", "pipe", ...(suite.isTool ? [] : ["ipc"])],
  });
}

/** Collects what the child prints; the result waits for the end of it, but not for processes left behind. */
function collectOutput(child) {
  const chunks = [];
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.on("data", (bytes) => chunks.push(bytes));
  const ends = Promise.all(streams.map((stream) => once(stream, "close")));
  return async () => {
    const timer = setTimeout(() => streams.forEach((stream) => stream.destroy()), OUTPUT_GRACE_MS);
    await ends;
    clearTimeout(timer);
    return Buffer.concat(chunks).toString();
  };
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** The finished tests so far, and whether they are all. */
function readResults(path) {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  const results = lines.map((line) => JSON.parse(line));
  const tests = results.filter(({ outcome }) => outcome !== "end");
  return { tests, isComplete: tests.length < results.length };
}

function countTests(results) {
  return `${readResults(results).tests.length} tests`;
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/** What a suite's run comes to; a crash, a hang and a suite without a test count as one failure. */
function judge(suite, run) {
  const listed = (outcome) => run.tests.filter((test) => test.outcome === outcome);
  const failures = listed("failed").map((test) => `${test.name}\n${test.error ?? ""}`);
  if (run.isLate) failures.push(`${suite.name}: not finished after ${suite.limitSeconds} s`);
  else if (run.end !== "status 0" && failures.length === 0)
    failures.push(`${suite.name}: ended with ${run.end}`);
  else if (!suite.isTool && !run.isComplete) failures.push(`${suite.name}: ended before all tests were done`);
  const passed = suite.isTool ? Number(run.end === "status 0") : listed("passed").length;
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
  console.log(`${suite.name} (limit ${suite.limitSeconds} s)`);
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
  for (const event of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.once(event, () => process.exit(1));
  }
  process.channel?.unref();
  const [command = "", part = ""] = process.argv.slice(2);
  const chosen = suites[command].filter((suite) => suite.name.includes(part));
  if (chosen.length === 0) {
    const names = suites[command].map((suite) => suite.name).join(", ");
    console.error(`No suite is named like "${part}"; there are ${names}`);
    process.exitCode = 1;
    return;
  }
  if (command !== "check") await provision();
  // A short name, because the tests put unix sockets below it.
  const folder = mkdtempSync(join(tmpdir(), "nova-"));
  // Servers that refuse to run as root (PostgreSQL) have to get through it to what their test made for them.
  chmodSync(folder, 0o711);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const onEnd = (suite, run) => {
    const verdict = judge(suite, run);
    show(suite, run, verdict);
    total.passed += verdict.passed;
    total.failed += verdict.failures.length;
    total.skipped += verdict.skipped.length;
  };
  await runSuites(chosen, { folder, onEnd });
  const isFull = process.env["CI"] !== "true" || total.skipped === 0;
  if (!isFull) console.log("With CI=true nothing may be skipped");
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 && total.passed > 0 && isFull ? 0 : 1;
}

await main();
