import assert from "node:assert/strict";
import { startRealXenstored, systemTest, type XenstoredKind } from "@nova-agent/testbed";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import type { XenstoreClient } from "@nova-agent/xenstore";
import type { AgentOptions } from "../src/agent.ts";
import { DOMID, type Harness, startHarness } from "./support/agent-harness.ts";

const servers: readonly (readonly [XenstoredKind, "xenstored" | "oxenstored"])[] = [
  ["c", "xenstored"],
  ["ox", "oxenstored"],
];

const base = `/local/domain/${DOMID}/data`;

interface AgentOnServer {
  readonly kind: XenstoredKind;
  readonly agent?: Partial<AgentOptions>;
  /** Writes what is there at the start. */
  readonly before?: (host: XenstoreClient) => Promise<void>;
}

async function withAgent(options: AgentOnServer, body: (harness: Harness) => Promise<void>): Promise<void> {
  const { kind, agent, before } = options;
  const server = await startRealXenstored({ kind, domains: [DOMID] });
  try {
    const parts = {
      connectHost: connectUnix(server.socketPath),
      connectGuest: connectUnix(server.domainSocketPath(DOMID)),
      clock: nodeClock,
      ...(agent && { agent }),
    };
    const harness = await startHarness(parts, before);
    try {
      await body(harness);
    } finally {
      await harness.close();
    }
  } finally {
    await server.close();
  }
}

/** Answers of an earlier life of the agent, more than an oxenstored lists on a ring. */
async function leaveMany(host: XenstoreClient): Promise<void> {
  for (let index = 0; index < 150; index += 1) {
    await host.write(`${base}/guest/request-${String(index).padStart(27, "0")}`, "{}");
  }
}

for (const [kind, need] of servers) {
  systemTest(`a host that never removes an answer gets 1,000 of them on ${need}`, { needs: [need] }, () =>
    withAgent({ kind }, async ({ ask, list, lines }) => {
      for (let batch = 0; batch < 100; batch += 1) {
        const replies = await Promise.all(Array.from({ length: 10 }, () => ask("version", "agent")));
        for (const reply of replies) assert.deepEqual(reply, { returncode: "0", message: "3.0.0" });
      }
      assert.deepEqual(await list("host"), []);
      assert.ok(lines.some((line) => line.includes("Removed older answers to make room")));
      assert.ok(!lines.some((line) => line.includes("without an answer")));
    }),
  );

  systemTest(`answers of an earlier agent are taken over or emptied out on ${need}`, { needs: [need] }, () =>
    withAgent({ kind, agent: { replyKeptMs: 0 }, before: leaveMany }, async ({ ready, ask, host, list }) => {
      await ready;
      assert.equal((await ask("version")).returncode, "0");
      assert.ok((await list("guest")).length <= 1);
      assert.equal(await host.exists(`${base}/guest/request-${"0".repeat(27)}`), false);
    }),
  );

  systemTest(`an answer that does not fit is cut to one that does on ${need}`, { needs: [need] }, () =>
    withAgent({ kind }, async ({ ask }) => {
      const { returncode, message } = await ask("x".repeat(1900));
      assert.equal(returncode, "404");
      assert.match(message, /^No such agent command 'x{1800,}\.\.\.$/);
    }),
  );

  systemTest(`an agent served by ${need} outlives every bad request`, { needs: [need] }, () =>
    withAgent({ kind }, async ({ askRaw, ask }) => {
      for (const request of ["", "{", "[]", '{"name":1}', Uint8Array.of(0, 255), '{"name":"__proto__"}']) {
        assert.notEqual((await askRaw(request)).returncode, "0");
      }
      assert.deepEqual(await ask("version"), { returncode: "0", message: "3.0.0" });
    }),
  );
}
