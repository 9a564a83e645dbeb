import { systemTest } from "@nova-agent/testbed";
import { checkBehaviours } from "./check-behaviours.ts";
import { startPostgres } from "./postgres-server.ts";

systemTest("PostgreSQL keeps what it is given", { needs: ["apt"], timeoutMs: 180_000 }, async (context) => {
  const server = await startPostgres(context);
  await checkBehaviours(context, { kind: "postgres", url: await server.create("behaviours") });
});
