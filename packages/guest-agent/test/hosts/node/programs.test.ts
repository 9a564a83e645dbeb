import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { runProgram } from "../../../src/hosts/node/programs.ts";

const TIMEOUT_MS = 20_000;
const env = { PATH: process.env["PATH"] ?? "", ONLY: "this" };

interface Outcome {
  readonly status: number;
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
}

async function shell(script: string, stdin?: Uint8Array): Promise<Outcome> {
  const call = { argv: ["sh", "-c", script], timeoutMs: TIMEOUT_MS } as const;
  const { status, stdout, stderr } = await runProgram(stdin === undefined ? call : { ...call, stdin }, env);
  return { status, stdout: decodeUtf8(stdout), stderr: decodeUtf8(stderr) };
}

test("status and both outputs are told", async () => {
  assert.deepEqual(await shell("echo out; echo err >&2; exit 7"), {
    status: 7,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("an end by a signal is 128 plus its number", async () => {
  assert.equal((await shell("kill -TERM $$")).status, 143);
});

test("standard input gets exactly the bytes given, or is empty", async () => {
  assert.equal((await shell("cat", encodeUtf8("in\n"))).stdout, "in\n");
  assert.equal((await shell("cat")).stdout, "");
});

test("a program that does not read a large input ends well", async () => {
  assert.equal((await shell("exit 0", new Uint8Array(1_000_000))).status, 0);
});

test("arguments are passed as they are", async () => {
  const argv = ["printf", "%s|", "a b", "$HOME", "; exit 1", ""] as const;
  const { stdout } = await runProgram({ argv, timeoutMs: TIMEOUT_MS }, env);
  assert.equal(decodeUtf8(stdout), "a b|$HOME|; exit 1||");
});

test("only the variables given are there", async () => {
  const { stdout } = await runProgram({ argv: ["env"], timeoutMs: TIMEOUT_MS }, env);
  assert.equal(decodeUtf8(stdout), `PATH=${env.PATH}\nONLY=this\n`);
});

test("of a long output the first 256 KiB are kept and the program still ends", async () => {
  const { status, stdout } = await shell("head -c 2000000 /dev/zero | tr '\\0' x");
  assert.deepEqual({ status, kept: stdout?.length }, { status: 0, kept: 256 * 1024 });
});

test("a program that is not there is ENOENT, a file that may not be run EACCES", async () => {
  for (const [program, code] of [
    ["no-such-program", "ENOENT"],
    ["/etc/passwd", "EACCES"],
  ] as const) {
    await assert.rejects(runProgram({ argv: [program], timeoutMs: TIMEOUT_MS }, env), { code });
  }
});

test("an argument that no program can get is EINVAL", async () => {
  await assert.rejects(runProgram({ argv: ["echo", "a\0b"], timeoutMs: TIMEOUT_MS }, env), {
    code: "EINVAL",
  });
});

test("when time is up the program and its children are killed", async (context) => {
  const pidFile = join(await temporaryDirectory(context), "pid");
  const script = `sleep 1000 & echo $! >${pidFile}; kill -STOP $$`;
  const waiting = runProgram({ argv: ["sh", "-c", script], timeoutMs: 2_000 }, env);
  await assert.rejects(waiting, { code: "ETIMEDOUT" });
  const child = readFileSync(pidFile, "utf8").trim();
  await waitFor(() => hasEnded(child), { what: "end of the child" });
});

test("a service that a program leaves behind does not hold its answer up, and lives on", async (context) => {
  const pidFile = join(await temporaryDirectory(context), "pid");
  const outcome = await shell(`sleep 1000 & echo $! >${pidFile}; echo started`);
  const service = readFileSync(pidFile, "utf8").trim();
  context.after(() => process.kill(Number(service), "SIGKILL"));
  assert.deepEqual(outcome, { status: 0, stdout: "started\n", stderr: "" });
  assert.ok(!hasEnded(service));
});

// A zombie waits for its parent only; in a container nobody may collect it.
function hasEnded(pid: string): boolean {
  if (!existsSync(`/proc/${pid}`)) return true;
  return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
