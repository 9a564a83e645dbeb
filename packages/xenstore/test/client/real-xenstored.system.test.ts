import { type RealXenstored, startRealXenstored, systemTest, type XenstoredKind } from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { type ClientCase, clientCases } from "./client-cases.ts";

const servers: readonly [XenstoredKind, "xenstored" | "oxenstored"][] = [
  ["c", "xenstored"],
  ["ox", "oxenstored"],
];

for (const [kind, program] of servers) {
  for (const clientCase of clientCases) {
    systemTest(`client of ${program}: ${clientCase.name}`, { needs: [program, "cc"] }, async () => {
      const server = await startRealXenstored({ kind, domains: [5] });
      try {
        await runCase({ clientCase, server, hasLongLists: kind === "c" });
      } finally {
        await server.close();
      }
    });
  }
}

async function runCase(run: {
  readonly clientCase: ClientCase;
  readonly server: RealXenstored;
  readonly hasLongLists: boolean;
}): Promise<void> {
  const { clientCase, server, hasLongLists } = run;
  const clients: XenstoreClient[] = [];
  const open = async (path: string): Promise<XenstoreClient> => {
    const connect = connectUnix(path);
    const client = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
    clients.push(client);
    return client;
  };
  try {
    const dom0 = await open(server.socketPath);
    const guest = await open(server.domainSocketPath(5));
    await dom0.write("/local/domain/5/data", "");
    await dom0.setPermissions("/local/domain/5/data", [{ domid: 5, read: false, write: false }]);
    await clientCase.body({ dom0, guest, hasLongLists });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
