import { spawn } from "node:child_process";
import { once } from "node:events";
import { TOOL_TIMEOUT_MS } from "./limits.ts";

/** Runs a program of the build; rejects with its own words when it fails. */
export async function runTool(program: string, args: readonly string[], directory: string): Promise<void> {
  const child = spawn(program, args, {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: TOOL_TIMEOUT_MS,
    env: { ...process.env, LC_ALL: "C" },
  });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`${program} ended with ${status ?? "a signal"}: ${words.trim()}`);
}
