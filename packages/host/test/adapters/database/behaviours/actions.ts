import assert from "node:assert/strict";
import { hasCode } from "../../../support/has-code.ts";
import { type Behaviour, at, requester, results } from "../behaviour.ts";

/** How actions, and the audit of changes, are kept. */
export const actionBehaviours: readonly Behaviour[] = [
  {
    name: "an action is unfinished until it ends, and its events tell how it went",
    check: async ({ database: { actions }, mine, setTime }) => {
      const who = requester(mine);
      const instanceId = `${mine}-instance`;
      setTime(at(0));
      await actions.begin(who, { instanceId, action: "rescue" });
      setTime(at(1));
      await actions.beginEvent(who.requestId, "stop");
      setTime(at(2));
      await actions.endEvent(who.requestId, { event: "stop", isSuccess: true });
      await actions.beginEvent(who.requestId, "boot");
      const isMine = ({ requestId }: { requestId: string }) => requestId === who.requestId;
      assert.equal((await actions.unfinished()).filter(isMine).length, 1);
      setTime(at(3));
      await actions.endEvent(who.requestId, { event: "boot", isSuccess: false, details: "no disk" });
      setTime(at(4));
      await actions.end(who.requestId, "The rescue failed");
      assert.deepEqual((await actions.unfinished()).filter(isMine), []);
      assert.deepEqual(await actions.find(instanceId, who.requestId), {
        requestId: who.requestId,
        instanceId,
        action: "rescue",
        userId: who.userId,
        projectId: who.projectId,
        startedAt: at(0),
        updatedAt: at(4),
        endedAt: at(4),
        message: "The rescue failed",
        events: [
          { event: "stop", startedAt: at(1), finishedAt: at(2), result: "Success", details: null },
          { event: "boot", startedAt: at(2), finishedAt: at(3), result: "Error", details: "no disk" },
        ],
      });
    },
  },
  {
    name: "the end of an action ends its open events as it ended, and comes once",
    check: async ({ database: { actions }, mine }) => {
      const instanceId = `${mine}-instance`;
      for (const [name, message] of [
        ["good", null],
        ["bad", "The service was stopped"],
      ] as const) {
        const { requestId } = requester(mine, name);
        await actions.begin(requester(mine, name), { instanceId, action: "reboot" });
        await actions.beginEvent(requestId, "first");
        await actions.endEvent(requestId, { event: "first", isSuccess: true });
        await actions.beginEvent(requestId, "second");
        await actions.end(requestId, message);
        await actions.end(requestId, "again");
        const action = await actions.find(instanceId, requestId);
        assert.equal(action?.message, message);
        const last = message === null ? "second Success" : "second Error";
        assert.deepEqual(results(action), ["first Success", last]);
      }
    },
  },
  {
    name: "an event that comes twice in an action is kept twice",
    check: async ({ database: { actions }, mine }) => {
      const { requestId } = requester(mine);
      await actions.begin(requester(mine), { instanceId: `${mine}-instance`, action: "reboot" });
      await actions.beginEvent(requestId, "version");
      await actions.endEvent(requestId, { event: "version", isSuccess: false });
      await actions.beginEvent(requestId, "version");
      await actions.endEvent(requestId, { event: "version", isSuccess: true });
      const action = await actions.find(`${mine}-instance`, requestId);
      assert.deepEqual(results(action), ["version Error", "version Success"]);
    },
  },
  {
    name: "actions of an instance are listed, the newest first, and found for that instance alone",
    check: async ({ database: { actions }, mine, setTime }) => {
      const instanceId = `${mine}-instance`;
      for (const [index, action] of ["create", "reboot", "rescue"].entries()) {
        setTime(at(index));
        await actions.begin(requester(mine, action), { instanceId, action });
      }
      const listed = await actions.list(instanceId);
      assert.deepEqual(
        listed.map(({ action }) => action),
        ["rescue", "reboot", "create"],
      );
      assert.equal(await actions.find(`${mine}-other`, requester(mine, "create").requestId), undefined);
      assert.deepEqual(await actions.list(`${mine}-other`), []);
    },
  },
  {
    name: "a request begins one action on an instance",
    check: async ({ database: { actions }, mine }) => {
      const what = { instanceId: `${mine}-instance`, action: "reboot" };
      await actions.begin(requester(mine), what);
      await assert.rejects(actions.begin(requester(mine), what), hasCode("ALREADY_EXISTS"));
    },
  },
  {
    name: "audit rows are listed, the newest first, by what was changed",
    check: async ({ database: { audit }, mine }) => {
      const { userId, projectId, requestId } = requester(mine);
      const row = { at: at(0), userId, projectId, requestId, what: "reboot", target: mine, outcome: "202" };
      await audit.record(row);
      await audit.record({ ...row, what: "rescue", outcome: "409" });
      await audit.record({ ...row, target: `${mine}-other` });
      const whats = (await audit.list({ target: mine, limit: 5 })).map(({ what }) => what);
      assert.deepEqual(whats, ["rescue", "reboot"]);
      assert.deepEqual(await audit.list({ target: mine, limit: 1 }), [
        { ...row, what: "rescue", outcome: "409" },
      ]);
      assert.ok((await audit.list({ limit: 3 })).length === 3);
    },
  },
];
