import assert from "node:assert/strict";
import test from "node:test";
import { PanelError } from "../../src/browser/errors.ts";
import { READ_RETRY_MS } from "../../src/browser/limits.ts";
import { ResourceReader } from "../../src/browser/state/resource-reader.ts";

interface World {
  readonly reader: ResourceReader<string>;
  /** How often it was read, and what ends each reading. */
  readonly readings: { readonly resolve: (value: string) => void; readonly reject: (error: Error) => void }[];
  readonly signals: AbortSignal[];
}

function makeWorld(): World {
  const readings: World["readings"] = [];
  const signals: AbortSignal[] = [];
  const reader = new ResourceReader<string>((signal) => {
    signals.push(signal);
    return new Promise((resolve, reject) => readings.push({ resolve, reject }));
  });
  return { reader, readings, signals };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("it is loading until it is read", async () => {
  const { reader, readings } = makeWorld();
  reader.reload();
  assert.deepEqual(reader.state.value, { kind: "loading" });
  readings[0]?.resolve("first");
  await settle();
  assert.deepEqual(reader.state.value, { kind: "ready", value: "first" });
});

test("what changes while it is read is read once more, and not at the same time", async () => {
  const { reader, readings } = makeWorld();
  reader.reload();
  reader.reload();
  reader.reload();
  assert.equal(readings.length, 1);
  readings[0]?.resolve("first");
  await settle();
  assert.equal(readings.length, 2);
  readings[1]?.resolve("second");
  await settle();
  assert.equal(readings.length, 2);
  assert.deepEqual(reader.state.value, { kind: "ready", value: "second" });
});

test("changes that come together are read together", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { reader, readings } = makeWorld();
  reader.reloadIn(40);
  t.mock.timers.tick(30);
  reader.reloadIn(40);
  assert.equal(readings.length, 0);
  t.mock.timers.tick(10);
  assert.equal(readings.length, 1);
  t.mock.timers.tick(100);
  assert.equal(readings.length, 1);
  reader.close();
});

test("a failure keeps what was read before, and the next reading mends it", async () => {
  const { reader, readings } = makeWorld();
  const failure = new Error("No answer");
  reader.reload();
  readings[0]?.reject(failure);
  await settle();
  assert.deepEqual(reader.state.value, { kind: "failed", error: failure, value: undefined });
  reader.reload();
  readings[1]?.resolve("first");
  await settle();
  reader.reload();
  readings[2]?.reject(failure);
  await settle();
  reader.reload();
  readings[3]?.reject(failure);
  await settle();
  assert.deepEqual(reader.state.value, { kind: "failed", error: failure, value: "first" });
});

for (const [error, isReadAgain] of [
  [new PanelError("UNREACHABLE", "No answer"), true],
  [new PanelError("REFUSED", "Busy", { status: 503 }), true],
  [new PanelError("REFUSED", "Too many", { status: 429 }), true],
  [new PanelError("REFUSED", "Gone", { status: 404 }), false],
  [new PanelError("BAD_ANSWER", "Not understood"), false],
  [new PanelError("SIGNED_OUT", "Over", { status: 401 }), false],
] as const) {
  test(`after "${error.message}" it is ${isReadAgain ? "" : "not "}read again by itself`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { reader, readings } = makeWorld();
    reader.reload();
    readings[0]?.reject(error);
    await settle();
    t.mock.timers.tick(READ_RETRY_MS - 1);
    assert.equal(readings.length, 1);
    t.mock.timers.tick(1);
    assert.equal(readings.length, isReadAgain ? 2 : 1);
    reader.close();
  });
}

test("a closed one gives up its reading, and shows nothing of it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { reader, readings, signals } = makeWorld();
  reader.reload();
  reader.reloadIn(40);
  reader.close();
  reader.close();
  assert.equal(signals[0]?.aborted, true);
  readings[0]?.resolve("late");
  t.mock.timers.tick(40);
  await settle();
  reader.reload();
  await settle();
  assert.deepEqual(reader.state.value, { kind: "loading" });
  assert.equal(readings.length, 1);
});
