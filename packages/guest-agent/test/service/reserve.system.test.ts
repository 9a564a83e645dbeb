import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { SPARE_NODES } from "../../src/limits.ts";
import { DOMID, type Harness } from "../support/agent-harness.ts";
import { createGate } from "../support/gate.ts";
import { createProbe } from "../support/probe-command.ts";
import { realXenstoreds, withRealXenstored } from "../support/real-xenstore-agent.ts";

const data = `/local/domain/${DOMID}/data`;
const spare = `${data}/nova-agent/spare`;
const VERSION = '{"name":"version"}';
/** So that a test need not wait for the reserve. */
const pollIntervalMs = 50;

/** Makes nodes in the guest's name until the server refuses; says with what. */
async function writeUntilRefused(guest: XenstoreClient, nameOf: (count: number) => string): Promise<string> {
  for (let count = 0; ; count += 1) {
    try {
      await guest.write(`data/${nameOf(count)}`, "");
    } catch (error) {
      assert.ok(error instanceof XenstoreError, String(error));
      return error.code;
    }
  }
}

/** Uses the quota of nodes up, with few of them in one directory. */
function fill(guest: XenstoreClient): Promise<string> {
  return writeUntilRefused(guest, (count) => `other/${Math.floor(count / 100)}/${count}`);
}

async function untilSpare(host: XenstoreClient, holds: (count: number) => boolean): Promise<void> {
  for await (const _event of host.watch(spare)) {
    if (holds((await host.exists(spare)) ? (await host.list(spare)).length : 0)) return;
  }
}

function said({ lines }: Harness, text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}

for (const [kind, need] of realXenstoreds) {
  systemTest(`an agent answers with the quota of nodes used up on ${need}`, { needs: [need] }, () =>
    withRealXenstored({ kind, agent: { pollIntervalMs } }, async (harness) => {
      const { host, guest, ready, askRaw, list } = harness;
      await ready;
      assert.match(await fill(guest), /^(ENOSPC|EQUOTA)$/);
      assert.deepEqual(await askRaw(VERSION, "first"), { returncode: "0", message: "3.0.0" });
      assert.deepEqual([await list("host"), await list("guest")], [[], ["first"]]);
      assert.equal(said(harness, "answering from the reserve"), 1);
      assert.equal(said(harness, "without an answer"), 0);
      await guest.remove("data/other");
      await untilSpare(host, (count) => count === SPARE_NODES);
      await askRaw(VERSION, "second");
      assert.equal(said(harness, "reserve is whole again"), 1);
    }),
  );

  systemTest(`requests that piled up in a full guest are all answered on ${need}`, { needs: [need] }, () => {
    const gate = createGate();
    const { commands } = createProbe(() => gate.passed);
    return withRealXenstored({ kind, agent: { commands } }, async (harness) => {
      const { guest, ready, put, answer, list } = harness;
      await ready;
      const ids = Array.from({ length: SPARE_NODES - 1 }, (_, index) => `${index}`);
      await put("0", '{"name":"probe"}');
      await fill(guest);
      for (const id of ids.slice(1)) await put(id, VERSION);
      gate.open();
      for (const id of ids) assert.equal((await answer(id)).returncode, "0");
      assert.deepEqual((await list("guest")).toSorted(), ids.toSorted());
      assert.equal(said(harness, "without an answer"), 0);
    });
  });
}

systemTest("an agent answers with the names in data used up on xenstored", { needs: ["xenstored"] }, () =>
  withRealXenstored({ kind: "c" }, async ({ guest, ready, askRaw }) => {
    await ready;
    await writeUntilRefused(guest, (count) => "x".repeat(200) + count);
    assert.equal(await writeUntilRefused(guest, String), "ENOSPC");
    assert.ok((await guest.list("data")).length < 200);
    assert.equal((await askRaw(VERSION, "first")).returncode, "0");
  }),
);
