/**
 * Runs the program given as arguments and ends with it; ends it when standard input ends, which is when
 * the starter has gone in whatever way. For an agent without a process namespace, where the kernel
 * would let it live on. SIGTERM is passed on.
 */
import { spawn } from "node:child_process";
import { KEEPER_KILL_TIMEOUT_MS } from "./limits.ts";

function keep(file: string, args: readonly string[]): void {
  const child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  child.once("error", (error) => {
    console.error(error.message);
    process.exit(127);
  });
  child.once("exit", (status) => process.exit(status ?? 1));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.stdin.resume();
  process.stdin.once("close", () => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KEEPER_KILL_TIMEOUT_MS);
  });
}

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new TypeError("No program to run");
keep(file, args);
