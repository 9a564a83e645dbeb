import assert from "node:assert/strict";
import test from "node:test";
import type { Clock } from "@nova-agent/xenstore";
import { createProgress } from "../../src/demo/progress.ts";

/** A clock that stands still until it is moved. */
class HandClock implements Clock {
  #nowMs = 0;
  #timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
  }
}

test("a short step is silent, and its result is handed on", async () => {
  const clock = new HandClock();
  const lines: string[] = [];
  const result = await createProgress(clock, (line) => lines.push(line)).step("Short", async () => {
    clock.advance(900);
    return 42;
  });
  clock.advance(10_000);
  assert.deepEqual([result, lines], [42, []]);
});

test("a long step is told while it goes on and when it is done", async () => {
  const clock = new HandClock();
  const lines: string[] = [];
  await createProgress(clock, (line) => lines.push(line)).step("Long", async () => clock.advance(2500));
  assert.deepEqual(lines, ["Long …", "Long: done after 2.5 s"]);
});

test("a step that fails is not told as done", async () => {
  const clock = new HandClock();
  const lines: string[] = [];
  const work = async () => {
    clock.advance(2500);
    throw new Error("no");
  };
  await assert.rejects(createProgress(clock, (line) => lines.push(line)).step("Long", work), /no/);
  assert.deepEqual(lines, ["Long …"]);
});
