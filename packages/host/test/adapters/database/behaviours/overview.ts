import assert from "node:assert/strict";
import type { Operation } from "../../../../src/index.ts";
import { type Behaviour, at, instance, operation } from "../behaviour.ts";

/** Long after whatever others have in the database. */
const FUTURE = Date.UTC(2090, 0, 1);
const SECOND = 1000;
const HOUR = 3_600_000;

/** What people look at of many instances at once. */
export const overviewBehaviours: readonly Behaviour[] = [
  {
    name: "the newest unfinished operation of each instance is told, of many at once",
    check: async ({ database: { operations, overview }, mine }) => {
      const [first, second, idle] = ["a", "b", "c"].map((name) => `${mine}-${name}`);
      const of = (name: string, changes: Partial<Operation>) =>
        operation(mine, { id: `${mine}-op-${name}`, instanceId: first ?? "", ...changes });
      await operations.insert(of("older", { createdAt: at(1), state: "taken" }));
      await operations.insert(of("newer", { createdAt: at(2) }));
      await operations.insert(of("newest", { createdAt: at(3), state: "done" }));
      await operations.insert(of("other", { instanceId: second ?? "", state: "sent", attempts: 1 }));
      await operations.insert(of("ended", { instanceId: idle ?? "", state: "timedOut" }));
      const found = await overview.newestUnfinished([first, second, idle].map(String));
      assert.deepEqual([...found.keys()].toSorted(), [first, second]);
      assert.equal(found.get(String(first))?.id, `${mine}-op-newer`);
      assert.deepEqual(found.get(String(second)), {
        id: `${mine}-op-other`,
        instanceId: second,
        kind: "password",
        state: "sent",
        attempts: 1,
        createdAt: at(0),
        requestId: `req-${mine}`,
      });
      assert.equal((await overview.newestUnfinished([])).size, 0);
    },
  },
  {
    name: "unfinished operations are counted: those that wait, and those that are with their guests",
    check: async ({ database: { operations, overview }, mine }) => {
      const before = await overview.unfinished();
      for (const state of ["queued", "sent", "taken", "done", "failed"] as const) {
        await operations.insert(operation(mine, { id: `${mine}-${state}`, state }));
      }
      const after = await overview.unfinished();
      assert.deepEqual([after.queued - before.queued, after.underWay - before.underWay], [1, 2]);
    },
  },
  {
    name: "finished operations are counted by kind and hour, with how long they took",
    check: async ({ database: { instances, operations, overview }, mine }) => {
      await instances.insert(instance(mine));
      const ended = async (name: string, changes: Partial<Operation>, [atMs, tookMs]: [number, number]) => {
        const createdAt = new Date(FUTURE + atMs);
        const updatedAt = new Date(FUTURE + atMs + tookMs);
        const own = { id: `${mine}-${name}`, state: "done", createdAt, updatedAt } as const;
        await operations.insert(operation(mine, { ...own, ...changes }));
      };
      await ended("before", {}, [-1, SECOND]);
      for (const seconds of [1, 2, 3]) await ended(`d${seconds}`, {}, [seconds, seconds * SECOND]);
      await ended("refused", { state: "failed" }, [HOUR, 7 * SECOND]);
      await ended("lost", { state: "timedOut", instanceId: "gone" }, [HOUR, 30 * SECOND]);
      await ended("late", { state: "late", kind: "version" }, [HOUR, 9 * SECOND]);
      await ended("waiting", { state: "queued" }, [HOUR, 0]);
      const { byKind, byHour, slowest } = await overview.operationsSince(new Date(FUTURE));
      assert.deepEqual(byKind, [
        { kind: "password", done: 3, failed: 1, timedOut: 1, medianMs: 2000, p95Ms: 2900 },
        { kind: "version", done: 0, failed: 0, timedOut: 1, medianMs: null, p95Ms: null },
      ]);
      assert.deepEqual(byHour, [
        { at: new Date(FUTURE), done: 3, failed: 0 },
        { at: new Date(FUTURE + HOUR), done: 0, failed: 3 },
      ]);
      assert.deepEqual(
        slowest.map(({ id, durationMs, instanceName }) => [id, durationMs, instanceName]),
        [
          [`${mine}-lost`, 30_000, null],
          [`${mine}-late`, 9000, "web"],
          [`${mine}-refused`, 7000, "web"],
          [`${mine}-d3`, 3000, "web"],
          [`${mine}-d2`, 2000, "web"],
          [`${mine}-d1`, 1000, "web"],
        ],
      );
    },
  },
];
