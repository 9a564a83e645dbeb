import assert from "node:assert/strict";
import test from "node:test";
import { pgliteInMemory } from "@nova-agent/testbed";
import { openDatabase } from "../../../src/adapters/database/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { at, instance, operation } from "./behaviour.ts";

test("operations and instances are counted, and a closed database does not answer", async () => {
  const database = await openDatabase(pgliteInMemory());
  const { statistics, operations, instances } = database;
  try {
    await statistics.ping();
    assert.deepEqual([...(await statistics.operations()), ...(await statistics.instances())], []);
    for (const id of ["1", "2"]) await operations.insert(operation("mine", { id }));
    await instances.insert(instance("mine"));
    await instances.insert(instance("gone", { deletedAt: at(1) }));
    assert.deepEqual(await statistics.operations(), [{ kind: "password", state: "queued", count: 2 }]);
    assert.deepEqual(await statistics.instances(), [{ vmState: "active", count: 1 }]);
  } finally {
    await database.close();
  }
  await assert.rejects(statistics.ping(), hasCode("DATABASE_FAILED"));
});
