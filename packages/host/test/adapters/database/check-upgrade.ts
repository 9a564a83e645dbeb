import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { SqlConnections } from "../../../src/adapters/database/connections.ts";
import { type DatabasePlace, openDatabase } from "../../../src/adapters/database/index.ts";
import { makeFirstTables, PASSWORD, readTables } from "./first-tables.ts";

/** An empty database, and how it is reached behind the back of whoever opens it. */
export interface UpgradedPlace {
  readonly place: DatabasePlace;
  readonly connect: () => Promise<SqlConnections>;
}

/** Checks that a database of the first version has all that it had, and works, after this version opened it. */
export async function checkUpgrade(context: TestContext, { place, connect }: UpgradedPlace): Promise<void> {
  const inside = async <Result>(work: (connections: SqlConnections) => Promise<Result>): Promise<Result> => {
    const connections = await connect();
    try {
      return await work(connections);
    } finally {
      await connections.close();
    }
  };
  await inside(makeFirstTables);
  const before = await inside(readTables);
  assert.deepEqual(
    [...before].filter(([, rows]) => rows.length === 0),
    [],
  );

  const database = await openDatabase(place);
  context.after(() => database.close());
  const { instances, operations, identity } = database;
  assert.equal((await instances.find("s"))?.name, "web-1");
  const old = { id: "v", instanceId: "s", networkId: "n", mac: "00:16:3e:00:00:01", index: 0 };
  const fixedIps = [{ address: "192.0.2.5", prefixLength: 24 }];
  assert.deepEqual(await instances.ports("s"), [{ ...old, fixedIps }]);
  assert.deepEqual(Buffer.from((await operations.sealedOf("o")) ?? []), Buffer.from([4]));
  assert.equal((await identity.verifyPassword({ name: "ada" }, PASSWORD))?.id, "u");
  // What the first version did not know.
  const spare = { id: "free", projectId: "p", networkId: "n", mac: "00:16:3e:00:00:02", name: "spare" };
  await instances.insertFreePort({ ...spare, fixedIps: [{ address: "192.0.2.6", prefixLength: 24 }] });
  await instances.removeFreePort("free");
  await database.close();

  const after = await inside(readTables);
  for (const [table, rows] of before) {
    const kept = (after.get(table) ?? []).map((row, at) =>
      Object.fromEntries(Object.keys(rows[at] ?? {}).map((column) => [column, row[column]])),
    );
    assert.deepEqual(kept, rows, table);
  }
}
