import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Need, repositoryRoot, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import type { Message } from "../src/boot/messages.ts";
import { bootXen } from "../src/boot/qemu.ts";
import { readRun, XenstoredAbortedError } from "../src/boot/run.ts";
import type { XenImage } from "../src/image/dom0-image.ts";
import { buildImages } from "../src/image/build-images.ts";
import { BOOT_ATTEMPTS_MAX, BOOT_TIMEOUT_MS, BUILD_TIMEOUT_MS } from "../src/limits.ts";
import { isRunName, type RunName, runs } from "../src/runs.ts";

const needs: readonly Need[] = ["root", "apt", "xen-boot", "qemu", "free-memory", "musl-gcc"];

for (const run of Object.keys(runs).filter(isRunName)) {
  systemTest(
    runs[run].title,
    { needs, timeoutMs: BUILD_TIMEOUT_MS + BOOT_ATTEMPTS_MAX * BOOT_TIMEOUT_MS },
    (context) => runOnXen(context, run),
  );
}

type TestMessage = Extract<Message, { kind: "test" }>;

interface Boot {
  readonly run: RunName;
  readonly image: XenImage;
  readonly logPath: string;
  readonly tell: (text: string) => void;
}

/** Boots Xen; each scenario's test in Dom0 is a test here. */
async function runOnXen(context: TestContext, run: RunName): Promise<void> {
  const startedAt = performance.now();
  const tell = (text: string): void => {
    console.log(`[${run} ${((performance.now() - startedAt) / 1000).toFixed(0)} s] ${text}`);
  };
  const image = await buildImages({
    folder: await temporaryDirectory(context),
    guest: runs[run].guest,
    agent: runs[run].agent,
    tell,
  });
  const logPath = join(repositoryRoot(), ".cache/real-xen", `console-${run}.log`);
  await mkdir(join(logPath, ".."), { recursive: true });
  const boot = { run, image, logPath, tell };
  const tests = await bootUntilWhole(context, boot);
  for (const message of tests) await reportTest(context, message);
  assert.ok(tests.length > 0, "Dom0 ran no test");
}

/** The tests of the first boot that Xen's own xenstored lives through. */
async function bootUntilWhole(context: TestContext, boot: Boot): Promise<TestMessage[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bootOnce(context, boot);
    } catch (error) {
      if (!(error instanceof XenstoredAbortedError) || attempt === BOOT_ATTEMPTS_MAX) throw error;
      boot.tell(
        `Xen's own xenstored aborted, so nothing is known of the agent. Once more.\n${error.message}`,
      );
    }
  }
}

/** The tests of a boot that came to its end. */
async function bootOnce(context: TestContext, { run, image, logPath, tell }: Boot): Promise<TestMessage[]> {
  tell(`Booting Xen; its console goes to ${logPath}`);
  const machine = bootXen({ image, run, logPath });
  context.after(() => machine.stop());
  const tests: TestMessage[] = [];
  const table: string[] = [];
  for await (const message of readRun(machine, { logPath, timeoutMs: BOOT_TIMEOUT_MS })) {
    if (message.kind === "progress") tell(message.text);
    if (message.kind === "measurement") table.push(`${message.what.padEnd(48)} ${message.figure}`);
    if (message.kind === "test") {
      tests.push(message);
      tell(`${message.isPassed ? "passed" : "FAILED"}: ${message.name} (${message.durationMs} ms)`);
    }
  }
  for (const line of table) tell(line);
  return tests;
}

/** The verdict of Dom0 as a test of this process, so that it is counted and named. */
async function reportTest(context: TestContext, message: TestMessage): Promise<void> {
  await context.test(message.name, () => {
    if (!message.isPassed) throw new Error(message.error);
  });
}
