import { startPostgres, systemTest } from "@nova-agent/testbed";
import { PostgresConnections } from "../../../src/adapters/database/postgres-connections.ts";
import { checkUpgrade } from "./check-upgrade.ts";

const options = { needs: ["apt"], timeoutMs: 180_000 } as const;

systemTest(
  "a server's database of the first version keeps every row in the newest tables",
  options,
  async (context) => {
    const server = await startPostgres(context);
    const url = await server.create("first");
    await checkUpgrade(context, {
      place: { kind: "postgres", url },
      connect: async () => new PostgresConnections(url),
    });
  },
);
