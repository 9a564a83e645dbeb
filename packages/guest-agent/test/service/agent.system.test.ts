import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { DOMID } from "../support/agent-harness.ts";
import { realXenstoreds, withRealXenstored } from "../support/real-xenstore-agent.ts";

const base = `/local/domain/${DOMID}/data`;

/** Answers of an earlier life of the agent, more than an oxenstored lists on a ring. */
async function leaveMany(host: XenstoreClient): Promise<void> {
  for (let index = 0; index < 150; index += 1) {
    await host.write(`${base}/guest/request-${String(index).padStart(27, "0")}`, "{}");
  }
}

for (const [kind, need] of realXenstoreds) {
  systemTest(`a host that never removes an answer gets 1,000 of them on ${need}`, { needs: [need] }, () =>
    withRealXenstored({ kind }, async ({ ask, list, lines }) => {
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
    withRealXenstored(
      { kind, agent: { replyKeptMs: 0 }, before: leaveMany },
      async ({ ready, ask, host, list }) => {
        await ready;
        assert.equal((await ask("version")).returncode, "0");
        assert.ok((await list("guest")).length <= 1);
        assert.equal(await host.exists(`${base}/guest/request-${"0".repeat(27)}`), false);
      },
    ),
  );

  systemTest(`an answer that does not fit is cut to one that does on ${need}`, { needs: [need] }, () =>
    withRealXenstored({ kind }, async ({ ask }) => {
      const { returncode, message } = await ask("x".repeat(1900));
      assert.equal(returncode, "404");
      assert.match(message, /^No such agent command 'x{1800,}\.\.\.$/);
    }),
  );

  systemTest(`an agent served by ${need} outlives every bad request`, { needs: [need] }, () =>
    withRealXenstored({ kind }, async ({ askRaw, ask }) => {
      for (const request of ["", "{", "[]", '{"name":1}', Uint8Array.of(0, 255), '{"name":"__proto__"}']) {
        assert.notEqual((await askRaw(request)).returncode, "0");
      }
      assert.deepEqual(await ask("version"), { returncode: "0", message: "3.0.0" });
    }),
  );
}
