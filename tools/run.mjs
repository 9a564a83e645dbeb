// The commands of the repository: node tools/run.mjs start|test|check|bench|simulate|build|e2e|e2e:xen|screenshots|package [ARGUMENT ...]
// Uses Node built-ins alone until it has installed and built what the command needs.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "./alone.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const OLDEST_NODE = [20, 19];
const LOOK_FOR_NPM_EVERY_MS = 500;

/** How long a build goes on without a word, in milliseconds. */
const BUILD_NOTICE_MS = 2_000;
const startersAtFirst = describeStarters();

const commands = {
  build: async () => 0,
  start: (rest) => run("node", ["packages/control/dist/src/main.js", ...rest]),
  test: (rest) => run("node", ["tools/run-suites.mjs", "test", ...rest]),
  check: (rest) => run("node", ["tools/run-suites.mjs", "check", ...rest]),
  e2e: (rest) => run("node", ["tools/run-suites.mjs", "e2e", ...rest]),
  "e2e:xen": (rest) => run("node", ["tools/run-suites.mjs", "e2e:xen", ...rest]),
  screenshots: (rest) => run("node", ["e2e/panel/dist/src/screenshots/main.js", ...rest]),
  package: (rest) => run("node", ["packaging/dist/src/main.js", ...rest]),
  bench: (rest) => run("node", ["bench/dist/src/main.js", ...rest]),
  simulate: (rest) => run("node", ["simulation/dist/src/main.js", ...rest]),
};

/** Runs a program in the repository's root with this terminal; resolves to its exit status. */
function run(program, args) {
  const isNode = program === "node";
  const child = spawn(isNode ? process.execPath : program, args, {
    cwd: root,
    // The channel tells a child that listens for "disconnect" when this process was killed.
    stdio: ["inherit", "inherit", "inherit", ...(isNode ? ["ipc"] : [])],
    shell: program === "npm" && process.platform === "win32",
  });
  // A signal to this process alone must not leave the child behind.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the child from the terminal itself; wait for it to end in its own way.
  process.on("SIGINT", () => undefined);
  const stopLooking = afterNpm(() => child.kill("SIGHUP"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status, signal) => {
      stopLooking();
      resolve(status ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * Calls `end` when npm or its shell is gone: npm passes signals to the shell, which does not pass them
 * on, and what is killed tells nobody. Returns what ends the looking.
 */
function afterNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const timer = setInterval(() => {
    if (describeStarters() === startersAtFirst) return;
    clearInterval(timer);
    end();
  }, LOOK_FOR_NPM_EVERY_MS);
  return () => clearInterval(timer);
}

/** The processes that wait for this one, as far as the system tells: npm's shell and npm, or npm alone. */
function describeStarters() {
  try {
    const status = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
    // proc_pid_stat(5): id (name) state parent; a name may hold anything.
    const [, parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return status.includes("(npm") ? `${process.ppid}` : `${process.ppid} ${parent}`;
  } catch {
    return `${process.ppid}`;
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (isOld)
    throw new Error(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE.join(".")} or later`,
    );
}

/** Installs the packages of the lock file unless exactly these are installed already. */
async function install() {
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".installed-lock-hash");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log("Installing the packages of package-lock.json (npm ci) …");
  const status = await run("npm", ["ci", "--no-audit", "--no-fund"]);
  if (status !== 0) throw new Error(`npm ci ended with status ${status}`);
  writeFileSync(stamp, hash);
}

async function build() {
  // The first one takes a while; one with nothing to do is not worth a word.
  const notice = setTimeout(() => console.log("Building (tsc -b) …"), BUILD_NOTICE_MS);
  const status = await run("node", ["node_modules/typescript/bin/tsc", "-b"]);
  clearTimeout(notice);
  if (status !== 0) throw new Error(`The TypeScript build ended with status ${status}`);
  const panelStatus = await run("node", ["packages/panel/dist/src/server/build/main.js"]);
  if (panelStatus !== 0) throw new Error(`The build of the panel ended with status ${panelStatus}`);
}

const [name = "", ...rest] = process.argv.slice(2);
try {
  checkNode();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new Error(`Unknown command "${name}": use one of ${Object.keys(commands).join(", ")}`);
  await alone(root, {
    work: () => install().then(build),
    onWait: () => console.log("Waiting for another command that installs or builds here …"),
  });
  process.exitCode = await command(rest);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
