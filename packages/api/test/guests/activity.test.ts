import assert from "node:assert/strict";
import test from "node:test";
import { activityRoutes } from "../../src/guests/activity/activity-routes.ts";
import { idOf } from "../compute/support/samples.ts";
import { listOf, NOW, openGuests, secondsFrom } from "./support/guests-world.ts";

const { database, ask, add, addOperation } = await openGuests(activityRoutes);
const { actions, identity } = database;

await add(1);
await add(2, { projectId: "p2" });
await identity.createUser(
  { id: "u1", name: "alice", isEnabled: true, defaultProjectId: undefined },
  "secret",
);
const who = { userId: "u1", projectId: "p1", roles: ["member"] } as const;

test("an action is told with its steps, who asked for it and what the guest was asked", async () => {
  await actions.begin({ ...who, requestId: "req-1" }, { instanceId: idOf(1), action: "resetNetwork" });
  await actions.beginEvent("req-1", "reset_network");
  await addOperation(1, { kind: "resetNetwork", requestId: "req-1", state: "taken" });
  const [open] = listOf(await ask(`/servers/${idOf(1)}/activity`, "reader"), "activity");
  assert.deepEqual([open?.["finished_at"], open?.["result"]], [null, null]);

  await actions.end("req-1", "The guest refused");
  const [ended] = listOf(await ask(`/servers/${idOf(1)}/activity`), "activity");
  const { operations, ...rest } = ended ?? {};
  const at = NOW.toISOString();
  assert.deepEqual(rest, {
    request_id: "req-1",
    action: "resetNetwork",
    user: { id: "u1", name: "alice" },
    started_at: at,
    finished_at: at,
    result: "Error",
    message: "The guest refused",
    events: [
      {
        event: "reset_network",
        started_at: at,
        finished_at: at,
        result: "Error",
        details: "The guest refused",
      },
    ],
  });
  const [operation] = operations as readonly Record<string, unknown>[];
  assert.deepEqual([operation?.["id"], operation?.["state"]], [idOf(601), "taken"]);
});

test("what a guest was asked without an action is told, too, in the order of time", async () => {
  const done = { instanceId: idOf(1), state: "done", updatedAt: secondsFrom(9) } as const;
  await addOperation(3, { ...done, kind: "features", requestId: "req-3", userId: "gone" });
  const error = { code: "GUEST_TIMEOUT", message: "No answer" };
  const late = { ...done, state: "timedOut", requestId: "req-4", error } as const;
  await addOperation(4, { ...late, kind: "version" });
  const told = listOf(await ask(`/servers/${idOf(1)}/activity`), "activity");
  assert.deepEqual(
    told.map(({ action, user, result, message }) => [action, user, result, message]),
    [
      ["resetNetwork", { id: "u1", name: "alice" }, "Error", "The guest refused"],
      ["version", { id: "u1", name: "alice" }, "Error", "No answer"],
      ["features", { id: "gone", name: "gone" }, "Success", ""],
    ],
  );
  assert.equal(told[2]?.["finished_at"], secondsFrom(9).toISOString());
});

test("what was done with a server of another project is nobody's business", async () => {
  assert.equal((await ask(`/servers/${idOf(2)}/activity`)).status, 404);
  assert.deepEqual(listOf(await ask(`/servers/${idOf(2)}/activity`, "other"), "activity"), []);
});
