import assert from "node:assert/strict";
import { startRealXenstored, systemTest, type XenstoredKind } from "@nova-agent/testbed";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { DOMID, type Harness, startHarness } from "./support/agent-harness.ts";

const servers: readonly (readonly [XenstoredKind, "xenstored" | "oxenstored"])[] = [
  ["c", "xenstored"],
  ["ox", "oxenstored"],
];

async function withAgent(kind: XenstoredKind, body: (harness: Harness) => Promise<void>): Promise<void> {
  const server = await startRealXenstored({ kind, domains: [DOMID] });
  try {
    const harness = await startHarness({
      connectHost: connectUnix(server.socketPath),
      connectGuest: connectUnix(server.domainSocketPath(DOMID)),
      clock: nodeClock,
    });
    try {
      await body(harness);
    } finally {
      await harness.close();
    }
  } finally {
    await server.close();
  }
}

for (const [kind, need] of servers) {
  systemTest(`a host that never removes an answer gets 1,000 of them on ${need}`, { needs: [need] }, () =>
    withAgent(kind, async ({ ask, list, lines }) => {
      for (let batch = 0; batch < 100; batch += 1) {
        const replies = await Promise.all(Array.from({ length: 10 }, () => ask("version", "agent")));
        for (const reply of replies) assert.deepEqual(reply, { returncode: "0", message: "3.0.0" });
      }
      assert.deepEqual(await list("host"), []);
      assert.ok(lines.some((line) => line.includes("Removed older answers to make room")));
      assert.ok(!lines.some((line) => line.includes("without an answer")));
    }),
  );
}
