import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { runChecked, startRealXenstored, systemTest, type XenstoredKind, xenTool } from "../src/index.ts";

const needs = ["xenstored", "oxenstored", "xenstore-clients", "cc"] as const;

for (const kind of ["c", "ox"] satisfies XenstoredKind[]) {
  systemTest(`the real ${kind} server serves dom0 and an introduced domain`, { needs }, async (context) => {
    const server = await startRealXenstored({ kind, domains: [5] });
    context.after(() => server.close());
    const asDom0 = client(server.socketPath);
    const asDomain5 = client(server.domainSocketPath(5));
    await asDom0("xenstore-write", "/local/domain/5/name", "guest");
    await asDom0("xenstore-chmod", "/local/domain/5/name", "n0", "r5");
    assert.equal(await asDomain5("xenstore-read", "name"), "guest\n");
    await assert.rejects(asDomain5("xenstore-write", "name", "other"));
  });

  systemTest(`closing the real ${kind} server ends it and removes its folder`, { needs }, async () => {
    const server = await startRealXenstored({ kind, domains: [5, 6] });
    await server.close();
    await server.close();
    assert.equal(existsSync(server.directory), false);
    assert.throws(() => process.kill(server.pid, 0), { code: "ESRCH" });
  });
}

systemTest("a real server that cannot start says why", { needs: ["xenstored", "cc"] }, async () => {
  // No domain id: it is beyond what the server reads as a number, so INTRODUCE is refused.
  const refused = startRealXenstored({ kind: "c", domains: [4_294_967_000] });
  await assert.rejects(refused, /INTRODUCE 4294967000: E/);
});

function client(socketPath: string): (...argv: [string, ...string[]]) => Promise<string> {
  return async (name, ...rest) => {
    const tool = await xenTool(name);
    const environment = { ...tool.environment, XENSTORED_PATH: socketPath };
    return runChecked({ argv: [tool.path, ...rest], environment, timeoutMs: 10_000 });
  };
}
