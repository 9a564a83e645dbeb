import assert from "node:assert/strict";
import { type Behaviour, at, instance, port, requester } from "../behaviour.ts";

/** Long before whatever others have in the database. */
const LONG_AGO = new Date("1990-01-01T00:00:00Z");
const LATER = new Date("1990-01-02T00:00:00Z");

/** What is removed when it has been over for long. */
export const historyBehaviours: readonly Behaviour[] = [
  {
    name: "instances that were deleted before a date go with their actions and events, others stay",
    check: async ({ database: { instances, actions, history }, mine }) => {
      const deleted = { vmState: "deleted", deletedAt: LONG_AGO } as const;
      const oldId = `${mine}-old`;
      await instances.insert(instance(mine));
      await instances.insert(instance(mine, { ...deleted, id: `${mine}-new`, deletedAt: LATER }));
      await instances.insert(instance(mine, { id: oldId }));
      await instances.insertPort(port(mine, { instanceId: oldId }));
      await instances.update(oldId, deleted);
      const [own, shared] = [requester(mine, "-own"), requester(mine, "-shared")];
      await actions.begin(own, { instanceId: oldId, action: "create" });
      await actions.begin(shared, { instanceId: oldId, action: "delete" });
      await actions.begin(shared, { instanceId: `${mine}-instance`, action: "delete" });
      for (const { requestId } of [own, shared]) await actions.beginEvent(requestId, "domain");
      assert.equal(await history.removeDeletedBefore(LATER), 1);
      assert.equal(await instances.find(oldId), undefined);
      assert.deepEqual(await instances.ports(oldId), []);
      assert.deepEqual(await actions.list(oldId), []);
      assert.ok(await instances.find(`${mine}-new`));
      const [kept] = await actions.list(`${mine}-instance`);
      assert.equal(kept?.events.length, 1);
      // The events of a request are found by it alone.
      await actions.begin(own, { instanceId: `${mine}-instance`, action: "again" });
      const again = await actions.find(`${mine}-instance`, own.requestId);
      assert.deepEqual(again?.events, []);
      assert.equal(await history.removeDeletedBefore(LATER), 0);
    },
  },
  {
    name: "audit rows from before a date go, and the others stay",
    check: async ({ database: { audit, history }, mine }) => {
      const { userId, projectId, requestId } = requester(mine);
      const plain = { userId, projectId, requestId, what: "rescue", target: mine, outcome: "done" };
      await audit.record({ ...plain, at: LONG_AGO });
      await audit.record({ ...plain, at: LATER });
      assert.equal(await history.removeAuditBefore(LATER), 1);
      const left = await audit.list({ target: mine, limit: 5 });
      assert.deepEqual(
        left.map(({ at: time }) => time),
        [LATER],
      );
    },
  },
  {
    name: "tokens that have expired go, and the others stay",
    check: async ({ database: { identity, history }, mine, setTime }) => {
      const user = { id: mine, name: mine, isEnabled: true, defaultProjectId: undefined };
      await identity.createUser(user, "secret-123");
      const scope = { user, project: undefined, roles: [], methods: ["password"], issuedAt: at(0) };
      const short = await identity.issueToken({ ...scope, expiresAt: at(10) });
      const long = await identity.issueToken({ ...scope, expiresAt: at(50) });
      setTime(at(20));
      assert.equal(await history.removeExpiredTokens(), 1);
      setTime(at(5));
      assert.equal(await identity.findToken(short), undefined);
      assert.ok(await identity.findToken(long));
    },
  },
];
