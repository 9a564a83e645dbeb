import assert from "node:assert/strict";
import test from "node:test";
import { KEPT_TABLES } from "../../../src/adapters/database/table-rows.ts";
import { MIGRATIONS } from "../../../src/adapters/database/migrations/index.ts";

test("backups keep every table that a migration makes but tokens", () => {
  const statements = Object.values(MIGRATIONS).flat().join("\n");
  const names = [...statements.matchAll(/create table "?(\w+)/g)].map(([, name = ""]) => name);
  assert.ok(names.includes("instance"));
  assert.deepEqual(names.filter((name) => name !== "token").toSorted(), KEPT_TABLES.toSorted());
});
