import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { temporaryDirectory } from "@nova-agent/testbed";
import { PgliteConnections } from "../../../src/adapters/database/pglite-connections.ts";
import { checkUpgrade } from "./check-upgrade.ts";

test("a directory of the first version keeps every row in the newest tables", async (context) => {
  const directory = join(await temporaryDirectory(context), "database");
  await mkdir(directory);
  await checkUpgrade(context, {
    place: { kind: "pglite", directory },
    connect: async () => new PgliteConnections(await PGlite.create(join(directory, "data"))),
  });
});
