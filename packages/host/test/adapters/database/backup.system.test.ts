import assert from "node:assert/strict";
import { join } from "node:path";
import { pgliteInMemory, startPostgres, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { openDatabase, restoreBackup, writeBackup } from "../../../src/adapters/database/index.ts";
import { at } from "./behaviour.ts";
import { allRows, openFilled } from "./filled-ledger.ts";

const options = { needs: ["apt"], timeoutMs: 180_000 } as const;

systemTest("a backup moves between the embedded database and PostgreSQL", options, async (context) => {
  const directory = await temporaryDirectory(context);
  const server = await startPostgres(context);
  const source = await openFilled();
  context.after(() => source.close());
  const postgres = await openDatabase({ kind: "postgres", url: await server.create("restored") });
  context.after(() => postgres.close());
  const back = await openDatabase(pgliteInMemory());
  context.after(() => back.close());

  const [there, again] = [join(directory, "there"), join(directory, "again")];
  await writeBackup(source, { path: there, now: () => at(7) });
  await restoreBackup(postgres, { path: there });
  assert.deepEqual(await allRows(postgres), await allRows(source));
  await writeBackup(postgres, { path: again, now: () => at(7) });
  await restoreBackup(back, { path: again });
  assert.deepEqual(await allRows(back), await allRows(source));
});
