import assert from "node:assert/strict";
import { hasCode } from "../../../support/has-code.ts";
import { type Behaviour, at, operation } from "../behaviour.ts";

const SEALED = new Uint8Array([0, 255, 7]);
const ENDS = ["done", "failed", "timedOut", "late"] as const;

/** How the ledger is kept. */
export const operationBehaviours: readonly Behaviour[] = [
  {
    name: "an operation is found as it was put in, with what is sealed apart from it",
    check: async ({ database: { operations }, mine }) => {
      const queued = operation(mine);
      const failed = operation(mine, {
        id: `${mine}-failed`,
        state: "failed",
        returncode: "1",
        message: "no\0",
        error: { code: "GUEST_REFUSED", message: "It said no" },
        timeline: [],
      });
      await operations.insert(queued, SEALED);
      await operations.insert(failed);
      assert.deepEqual(await operations.find(queued.id), queued);
      assert.deepEqual(await operations.find(failed.id), { ...failed, message: "no\uFFFD" });
      assert.deepEqual(Buffer.from((await operations.sealedOf(queued.id)) ?? []), Buffer.from(SEALED));
      assert.equal(await operations.sealedOf(failed.id), undefined);
      assert.equal(await operations.find("none"), undefined);
      assert.equal(await operations.sealedOf("none"), undefined);
    },
  },
  {
    name: "a second operation of the same id is refused, and the first stays as it is",
    check: async ({ database: { operations }, mine }) => {
      await operations.insert(operation(mine));
      await assert.rejects(operations.insert(operation(mine)), hasCode("ALREADY_EXISTS"));
      assert.deepEqual(await operations.find(`${mine}-operation`), operation(mine));
    },
  },
  {
    name: "a note changes what it names and adds a line to the timeline",
    check: async ({ database: { operations }, mine, setTime }) => {
      await operations.insert(operation(mine));
      setTime(at(1));
      await operations.note(`${mine}-operation`, { state: "sent", text: "Written", attempts: 1 });
      setTime(at(2));
      const deadlineAt = at(60);
      await operations.note(`${mine}-operation`, { state: "sent", text: "Again", attempts: 2, deadlineAt });
      setTime(at(3));
      const answer = {
        returncode: "1",
        message: "no",
        error: { code: "GUEST_REFUSED", message: "It said no" },
      };
      await operations.note(`${mine}-operation`, { state: "failed", text: "It said no", ...answer });
      const before = operation(mine);
      const timeline = [
        ...before.timeline,
        { at: at(1), state: "sent", text: "Written" },
        { at: at(2), state: "sent", text: "Again" },
        { at: at(3), state: "failed", text: "It said no" },
      ];
      const changes = { state: "failed", attempts: 2, deadlineAt, updatedAt: at(3), timeline, ...answer };
      assert.deepEqual(await operations.find(before.id), { ...before, ...changes });
    },
  },
  {
    name: "a note takes an answer away",
    check: async ({ database: { operations }, mine }) => {
      const answer = { returncode: "1", message: "no" };
      await operations.insert(operation(mine, { state: "taken", ...answer }));
      const note = { state: "sent", text: "Again", returncode: null, message: null } as const;
      await operations.note(`${mine}-operation`, note);
      const found = await operations.find(`${mine}-operation`);
      assert.deepEqual([found?.state, found?.returncode, found?.message], ["sent", null, null]);
    },
  },
  {
    name: "what is sealed stays until the operation ends, and is wiped by every end",
    check: async ({ database: { operations }, mine }) => {
      for (const state of ENDS) {
        const id = `${mine}-${state}`;
        await operations.insert(operation(mine, { id }), SEALED);
        await operations.note(id, { state: "sent", text: "" });
        await operations.note(id, { state: "taken", text: "" });
        assert.equal((await operations.sealedOf(id))?.length, SEALED.length);
        await operations.note(id, { state, text: "" });
        assert.equal(await operations.sealedOf(id), undefined);
      }
    },
  },
  {
    name: "what is sealed is not kept for an operation that has ended already",
    check: async ({ database: { operations }, mine }) => {
      await operations.insert(operation(mine, { state: "failed" }), SEALED);
      assert.equal(await operations.sealedOf(`${mine}-operation`), undefined);
    },
  },
  {
    name: "an end stays the end, but what timed out may be answered late",
    check: async ({ database: { operations }, mine }) => {
      for (const state of ENDS) {
        const id = `${mine}-${state}`;
        await operations.insert(operation(mine, { id, state, timeline: [] }));
        await operations.note(id, { state: "sent", text: "sent" });
        await operations.note(id, { state: "done", text: "done" });
        assert.deepEqual(await operations.find(id), operation(mine, { id, state, timeline: [] }));
        await operations.note(id, { state: "late", text: "late", returncode: "0" });
        const found = await operations.find(id);
        assert.equal(found?.state, state === "timedOut" ? "late" : state);
        assert.equal(found.timeline.length, state === "timedOut" ? 1 : 0);
      }
    },
  },
  {
    name: "of many ends at once exactly one is written, with one line",
    check: async ({ database: { operations }, mine }) => {
      await operations.insert(operation(mine, { timeline: [] }));
      await Promise.all(
        (["done", "failed", "done", "failed"] as const).map((state) =>
          operations.note(`${mine}-operation`, { state, text: state }),
        ),
      );
      const found = await operations.find(`${mine}-operation`);
      assert.deepEqual(
        found?.timeline.map(({ state }) => state),
        [found?.state],
      );
    },
  },
  {
    name: "a note for an operation that is not there changes nothing",
    check: async ({ database: { operations }, mine }) => {
      await operations.note(`${mine}-none`, { state: "done", text: "" });
      assert.equal(await operations.find(`${mine}-none`), undefined);
    },
  },
  {
    name: "operations are listed with their timelines, the newest first, by instance, request, project and end",
    check: async ({ database: { operations }, mine }) => {
      const first = operation(mine, { id: `${mine}-1` });
      const second = operation(mine, { id: `${mine}-2`, createdAt: at(1), state: "done", timeline: [] });
      const elsewhere = { instanceId: `${mine}-other`, projectId: `${mine}-other` };
      const other = operation(mine, { id: `${mine}-3`, ...elsewhere, createdAt: at(2) });
      for (const each of [second, other, first]) await operations.insert(each);
      const instanceId = `${mine}-instance`;
      assert.deepEqual(await operations.list({ instanceId }), [second, first]);
      assert.deepEqual(await operations.list({ instanceId, isFinished: true }), [second]);
      assert.deepEqual(await operations.list({ instanceId, isFinished: false }), [first]);
      assert.deepEqual(await operations.list({ requestId: `req-${mine}` }), [other, second, first]);
      assert.deepEqual(await operations.list({ requestId: `req-${mine}`, limit: 1 }), [other]);
      assert.deepEqual(await operations.list({ projectId: `${mine}-other` }), [other]);
      assert.deepEqual(await operations.list({ instanceId: `${mine}-none` }), []);
    },
  },
  {
    name: "what was finished before a date is removed, and nothing else",
    check: async ({ database: { operations }, mine }) => {
      const old = { updatedAt: long(0), createdAt: long(0) };
      await operations.insert(operation(mine, { ...old, id: `${mine}-old`, state: "done" }));
      await operations.insert(operation(mine, { ...old, id: `${mine}-open` }));
      await operations.insert(operation(mine, { id: `${mine}-new`, state: "done", updatedAt: long(9) }));
      assert.equal(await operations.removeFinishedBefore(long(9)), 1);
      const left = await operations.list({ instanceId: `${mine}-instance` });
      assert.deepEqual(left.map(({ id }) => id).toSorted(), [`${mine}-new`, `${mine}-open`]);
      assert.equal(await operations.removeFinishedBefore(long(10)), 1);
    },
  },
];

/** Before everything that the other behaviours put in. */
function long(seconds: number): Date {
  return new Date(at(seconds).getTime() - 86_400_000);
}
