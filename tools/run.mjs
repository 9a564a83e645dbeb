// The commands of the repository: node tools/run.mjs start|test|check|bench|build|e2e [ARGUMENT ...]
// Uses Node built-ins alone until it has installed and built what the command needs.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const OLDEST_NODE = [20, 19];

const commands = {
  build: async () => 0,
  start: (rest) => run("node", ["packages/control/dist/src/main.js", ...rest]),
  test: (rest) => run("node", ["tools/run-suites.mjs", "test", ...rest]),
  check: (rest) => run("node", ["tools/run-suites.mjs", "check", ...rest]),
  e2e: (rest) => run("node", ["tools/run-suites.mjs", "e2e", ...rest]),
  bench: (rest) => run("node", ["bench/dist/src/main.js", ...rest]),
};

/** Runs a program in the repository's root with this terminal; resolves to its exit status. */
function run(program, args) {
  const executable = program === "node" ? process.execPath : program;
  const child = spawn(executable, args, {
    cwd: root,
    stdio: "inherit",
    shell: program === "npm" && process.platform === "win32",
  });
  // A signal to this process alone must not leave the child behind.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the child from the terminal itself; wait for it to end in its own way.
  process.on("SIGINT", () => undefined);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status, signal) => resolve(status ?? (signal === "SIGINT" ? 130 : 143)));
  });
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
  const status = await run("node", ["node_modules/typescript/bin/tsc", "-b"]);
  if (status !== 0) throw new Error(`The TypeScript build ended with status ${status}`);
}

const [name = "", ...rest] = process.argv.slice(2);
try {
  checkNode();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new Error(`Unknown command "${name}": use one of ${Object.keys(commands).join(", ")}`);
  await install();
  await build();
  process.exitCode = await command(rest);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
