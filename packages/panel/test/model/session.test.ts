import assert from "node:assert/strict";
import test from "node:test";
import { isAdmin, mayChange, ownerOf } from "../../src/browser/model/session.ts";

for (const [roles, isChanging, isAdministrator] of [
  [["reader"], false, false],
  [["member"], true, false],
  [["reader", "member"], true, false],
  [["admin"], true, true],
  [[], false, false],
] as const) {
  test(`somebody with the roles ${JSON.stringify(roles)} may ${isChanging ? "change" : "look"}`, () => {
    assert.equal(mayChange({ roles: [...roles] }), isChanging);
    assert.equal(isAdmin({ roles: [...roles] }), isAdministrator);
  });
}

test("another user, project or role is another owner", () => {
  const alice = { user: { id: "1", name: "alice" }, project: { id: "p", name: "demo" }, roles: ["member"] };
  const owners = [
    alice,
    { ...alice, user: { id: "2", name: "alice" } },
    { ...alice, project: null },
    { ...alice, roles: ["reader"] },
  ].map(ownerOf);
  assert.equal(new Set(owners).size, owners.length);
  assert.equal(ownerOf({ ...alice, user: { id: "1", name: "renamed" } }), owners[0]);
});
