import assert from "node:assert/strict";
import test from "node:test";
import { encodeMessage, type Message } from "../../src/boot/messages.ts";
import type { Machine } from "../../src/boot/qemu.ts";
import { readRun, XenstoredAbortedError } from "../../src/boot/run.ts";
import { SHOWN_CONSOLE_LINES } from "../../src/limits.ts";

const logPath = ".cache/real-xen/console-commands.log";
const progress: Message = { kind: "progress", text: "Creating two guests" };
const passed: Message = { kind: "test", name: "one", isPassed: true, durationMs: 5, error: "" };
const end: Message = { kind: "end" };

const lineOf = (message: Message): string => encodeMessage(message).trimEnd();

/** A machine that prints these lines, and then powers itself off, or hangs until it is stopped. */
class FakeMachine implements Machine {
  readonly lines: AsyncIterable<string>;
  stops = 0;
  #powerOff: () => void = () => undefined;

  constructor(lines: readonly string[], { hangs = false }: { readonly hangs?: boolean } = {}) {
    const isOff = new Promise<void>((resolve) => (this.#powerOff = resolve));
    if (!hangs) this.#powerOff();
    this.lines = print(lines, isOff);
  }

  stop(): Promise<void> {
    this.stops += 1;
    this.#powerOff();
    return Promise.resolve();
  }
}

async function* print(lines: readonly string[], isOff: Promise<void>): AsyncIterable<string> {
  yield* lines;
  await isOff;
}

/** Reads all; what was told before an error is kept. */
async function read(
  machine: Machine,
  timeoutMs = 60_000,
): Promise<{ readonly told: readonly Message[]; readonly error?: Error }> {
  const told: Message[] = [];
  try {
    for await (const message of readRun(machine, { logPath, timeoutMs })) told.push(message);
    return { told };
  } catch (error) {
    assert.ok(error instanceof Error);
    return { told, error };
  }
}

test("a complete run tells its messages in order, without the end", async () => {
  const machine = new FakeMachine([
    "(XEN) Xen version 4.17",
    lineOf(progress),
    lineOf(passed),
    lineOf(end),
    "Scenarios ended with status 0",
  ]);
  assert.deepEqual(await read(machine), { told: [progress, passed] });
  assert.equal(machine.stops, 0);
});

test("a machine that ends before all tests are done is an error with the console's last lines", async () => {
  const noise = Array.from({ length: SHOWN_CONSOLE_LINES }, (_line, index) => `line ${index}`);
  const { told, error } = await read(new FakeMachine([lineOf(passed), "too old", ...noise]));
  assert.deepEqual(told, [passed]);
  const lastLines = noise.join("\n");
  assert.equal(
    error?.message,
    `Xen ended before all tests were done. The whole console is in ${logPath}; it ends with:\n${lastLines}`,
  );
});

for (const [state, lines] of [
  ["hangs", [lineOf(passed)]],
  ["does not power itself off after all tests", [lineOf(passed), lineOf(end)]],
] as const) {
  test(`a machine that ${state} is stopped when its time is over, and that is an error`, async () => {
    const machine = new FakeMachine(lines, { hangs: true });
    const { told, error } = await read(machine, 50);
    assert.deepEqual(told, [passed]);
    assert.match(error?.message ?? "", /^Xen did not end within 0\.05 s\. The whole console is in \.cache/);
    assert.equal(machine.stops, 1);
  });
}

test("a server of Xen's that aborts is told apart from a run that ends early", async () => {
  const assertion =
    "xenstored: xenstored_core.c:2118: consider_message: Assertion `conn->in == NULL' failed.";
  const { told, error } = await read(new FakeMachine([lineOf(passed), assertion, "Aborted"]));
  assert.deepEqual(told, [passed]);
  assert.ok(error instanceof XenstoredAbortedError);
  assert.match(error.message, /^Xen ended before all tests were done/);
});

test("a garbled message ends the reading", async () => {
  const machine = new FakeMachine([lineOf(progress), lineOf(passed).slice(0, -3), lineOf(end)]);
  const { told, error } = await read(machine);
  assert.deepEqual(told, [progress]);
  assert.match(error?.message ?? "", /^The console garbled a message/);
});
