import assert from "node:assert/strict";
import { startPostgres, systemTest } from "@nova-agent/testbed";
import { Client } from "pg";
import { openDatabase } from "../../../src/adapters/database/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { instance } from "./behaviour.ts";
import { checkBehaviours } from "./check-behaviours.ts";

const options = { needs: ["apt"], timeoutMs: 180_000 } as const;

systemTest("PostgreSQL keeps what it is given", options, async (context) => {
  const server = await startPostgres(context);
  await checkBehaviours(context, { kind: "postgres", url: await server.create("behaviours") });
});

systemTest("PostgreSQL is opened, used and lost by several at once", options, async (context) => {
  const server = await startPostgres(context);

  await context.test("processes that start at the same time make the tables once", async () => {
    const url = await server.create("together");
    const databases = await Promise.all([1, 2, 3].map(async () => openDatabase({ kind: "postgres", url })));
    await databases[0]?.instances.insert(instance("mine"));
    assert.notEqual(await databases[2]?.instances.find("mine-instance"), undefined);
    for (const database of databases) await database.close();
  });

  await context.test("a connection that breaks is replaced by a new one", async () => {
    const url = await server.create("broken");
    const database = await openDatabase({ kind: "postgres", url });
    await database.instances.insert(instance("mine"));
    await endConnections(url);
    // The break may be noticed by the first who asks.
    await database.instances.find("mine-instance").catch(() => undefined);
    assert.notEqual(await database.instances.find("mine-instance"), undefined);
    await database.close();
    await database.close();
    await assert.rejects(database.instances.find("mine-instance"), hasCode("DATABASE_FAILED"));
  });

  await context.test("a database that is not there is an error in the server's words", async () => {
    const url = (await server.create("there")).replace("/there?", "/not-there?");
    await assert.rejects(openDatabase({ kind: "postgres", url }), hasCode("DATABASE_FAILED", /not-there/));
  });
});

/** Ends all connections to the database but the one that says so. */
async function endConnections(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const others = "datname = current_database() and pid <> pg_backend_pid()";
  await client.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${others}`);
  await client.end();
}
