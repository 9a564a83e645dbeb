import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Need, repositoryRoot, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import type { Message } from "../src/boot/messages.ts";
import { bootXen } from "../src/boot/qemu.ts";
import { readRun } from "../src/boot/run.ts";
import { buildImages } from "../src/image/build-images.ts";
import { BOOT_TIMEOUT_MS, BUILD_TIMEOUT_MS } from "../src/limits.ts";
import { isRunName, type RunName, runs } from "../src/runs.ts";

const needs: readonly Need[] = ["root", "apt", "xen-boot", "qemu", "free-memory"];

for (const run of Object.keys(runs).filter(isRunName)) {
  systemTest(runs[run].title, { needs, timeoutMs: BUILD_TIMEOUT_MS + BOOT_TIMEOUT_MS }, (context) =>
    runOnXen(context, run),
  );
}

/** Boots Xen once; each scenario's test in Dom0 is a test here. */
async function runOnXen(context: TestContext, run: RunName): Promise<void> {
  const startedAt = performance.now();
  const tell = (text: string): void => {
    console.log(`[${run} ${((performance.now() - startedAt) / 1000).toFixed(0)} s] ${text}`);
  };
  const image = await buildImages(await temporaryDirectory(context), tell);
  const logPath = join(repositoryRoot(), ".cache/real-xen", `console-${run}.log`);
  await mkdir(join(logPath, ".."), { recursive: true });
  tell(`Booting Xen; its console goes to ${logPath}`);
  const machine = bootXen({ image, run, logPath });
  context.after(() => machine.stop());
  const measurements: (readonly [string, string])[] = [];
  let tests = 0;
  for await (const message of readRun(machine, { logPath, timeoutMs: BOOT_TIMEOUT_MS })) {
    if (message.kind === "progress") tell(message.text);
    if (message.kind === "measurement") measurements.push([message.what, message.figure]);
    if (message.kind === "test") {
      tests += 1;
      tell(`${message.isPassed ? "passed" : "FAILED"}: ${message.name} (${message.durationMs} ms)`);
      await reportTest(context, message);
    }
  }
  for (const [what, figure] of measurements) tell(`${what.padEnd(48)} ${figure}`);
  assert.ok(tests > 0, "Dom0 ran no test");
}

/** The verdict of Dom0 as a test of this process, so that it is counted and named. */
async function reportTest(context: TestContext, message: Extract<Message, { kind: "test" }>): Promise<void> {
  await context.test(message.name, () => {
    if (!message.isPassed) throw new Error(message.error);
  });
}
