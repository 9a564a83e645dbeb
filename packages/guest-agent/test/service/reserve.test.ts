import assert from "node:assert/strict";
import { test } from "node:test";
import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";
import { POLL_INTERVAL_MS, SPARE_NODES } from "../../src/limits.ts";
import { DOMID, type Harness } from "../support/agent-harness.ts";
import { createGate } from "../support/gate.ts";
import { type MemoryAgentOptions, withMemoryAgent } from "../support/memory-agent.ts";
import { createProbe } from "../support/probe-command.ts";

const data = `/local/domain/${DOMID}/data`;
const spare = `${data}/nova-agent/spare`;
/** Bound of what a test waits for. */
const bounded = { timeout: 20_000 };
const VERSION = '{"name":"version"}';

/** What the agent has at its start: data, guest, nova-agent, spare and what is spare. */
const NODES_AT_START = 4 + SPARE_NODES;
const quotas = { nodes: NODES_AT_START + 10, "node-size": 0 };

function withAgent(
  options: MemoryAgentOptions,
  body: (harness: Harness, clock: ManualClock) => Promise<void>,
): Promise<void> {
  const clock = createManualClock();
  const all = { clock, clientClock: nodeClock, quotas, ...options };
  return withMemoryAgent(all, async (harness) => {
    await harness.ready;
    await body(harness, clock);
  });
}

/** Makes nodes in the guest's name until XenStore refuses, as any of its programs may; says how many. */
async function fill(guest: XenstoreClient, parent = "data/other"): Promise<number> {
  for (let count = 0; ; count += 1) {
    try {
      await guest.write(`${parent}/node-${count}`, "");
    } catch (error) {
      assert.ok(error instanceof XenstoreError && error.code === "ENOSPC", String(error));
      return count;
    }
  }
}

function linesWith(lines: readonly string[], text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

test("the agent's directory of answers and its reserve are there from the start", () =>
  withAgent({}, async ({ host, list }) => {
    assert.deepEqual(await list("guest"), []);
    assert.ok(await host.exists(`${data}/guest`));
    assert.equal((await host.list(spare)).length, SPARE_NODES);
  }));

test("the first request is answered although other programs have used the nodes up", bounded, () =>
  withAgent({}, async ({ guest, askRaw, list, lines }) => {
    await fill(guest);
    assert.equal((await askRaw(VERSION, "first")).returncode, "0");
    assert.deepEqual([await list("host"), await list("guest")], [[], ["first"]]);
    assert.equal(linesWith(lines, "answering from the reserve"), 1);
    assert.equal(linesWith(lines, "without an answer"), 0);
  }),
);

test("requests that piled up beyond the quota are all answered", bounded, async () => {
  const gate = createGate();
  const { commands } = createProbe(() => gate.passed);
  await withAgent({ agent: { commands } }, async ({ guest, put, answer, list, lines }) => {
    await put("0", '{"name":"probe"}');
    await fill(guest);
    const ids = Array.from({ length: SPARE_NODES - 1 }, (_, index) => `${index}`);
    for (const id of ids.slice(1)) await put(id, VERSION);
    gate.open();
    for (const id of ids) assert.equal((await answer(id)).returncode, "0");
    await until(async () => (await list("host")).length === 0);
    assert.deepEqual((await list("guest")).toSorted(), ids.toSorted());
    assert.equal(linesWith(lines, "answering from the reserve"), 1);
  });
});

test("what is more than the reserve can answer goes without an answer, and then the rest is answered", () =>
  withAgent({ before: pileUp }, async ({ list, lines }) => {
    await until(async () => (await list("host")).length === 0);
    assert.ok(linesWith(lines, "without an answer") > 0);
    assert.ok((await list("guest")).length > 0);
  }));

/** Fills the quota before the agent starts, so that it finds no room for anything. */
async function pileUp(host: XenstoreClient): Promise<void> {
  for (let index = 0; index < quotas.nodes; index += 1) await host.write(`${data}/host/${index}`, VERSION);
}

test("a request is answered although the names in data leave no room for another", bounded, () =>
  withAgent({ quotas: { "node-size": 512 } }, async ({ guest, askRaw }) => {
    await fill(guest, "data");
    await assert.rejects(guest.write("data/new", ""), { code: "ENOSPC" });
    assert.equal((await askRaw(VERSION, "first")).returncode, "0");
  }),
);

test("the reserve is whole again when there is room, and the log says so once", bounded, () =>
  withAgent({}, async ({ host, guest, askRaw, lines }, clock) => {
    await fill(guest);
    await askRaw(VERSION, "first");
    const left = (await host.list(spare)).length;
    assert.ok(left > 0 && left < SPARE_NODES, String(left));
    await guest.remove("data/other");
    clock.advance(POLL_INTERVAL_MS);
    await until(async () => (await host.list(spare)).length === SPARE_NODES);
    await until(async () => linesWith(lines, "reserve is whole again") === 1);
    clock.advance(POLL_INTERVAL_MS);
    await askRaw(VERSION, "second");
    assert.equal(linesWith(lines, "reserve is whole again"), 1);
  }),
);

test("a guest that stays full is told of once, however often there is no room", bounded, () =>
  withAgent({}, async ({ guest, host, ask, lines }, clock) => {
    await fill(guest);
    await ask("version");
    for (let poll = 0; poll < 5; poll += 1) {
      await fill(guest, "data/more");
      clock.advance(POLL_INTERVAL_MS);
      await ask("version");
    }
    assert.equal(linesWith(lines, "reserve"), 1);
    assert.equal(linesWith(lines, "without an answer"), 0);
    assert.ok((await host.list(spare)).length > 0);
  }),
);

test("an agent that starts in a full guest says so, and makes its nodes when there is room", bounded, () =>
  withAgent({ before: fillAsOther }, async ({ host, lines }, clock) => {
    assert.equal(linesWith(lines, "No room in XenStore"), 1);
    await host.remove(`${data}/other`);
    clock.advance(POLL_INTERVAL_MS);
    await until(async () => (await host.exists(spare)) && (await host.list(spare)).length === SPARE_NODES);
    assert.ok(await host.exists(`${data}/guest`));
  }),
);

async function fillAsOther(host: XenstoreClient): Promise<void> {
  for (let index = 0; index < quotas.nodes; index += 1) await host.write(`${data}/other/${index}`, "");
}

test("after a migration, whose data is empty, answers and reserve have their nodes again", bounded, () =>
  withAgent({}, async ({ host, list, lines }, clock) => {
    for (const name of await host.list(data)) await host.remove(`${data}/${name}`);
    clock.advance(POLL_INTERVAL_MS);
    await until(async () => (await host.exists(spare)) && (await host.list(spare)).length === SPARE_NODES);
    assert.deepEqual(await list("guest"), []);
    assert.ok(await host.exists(`${data}/guest`));
    assert.equal(linesWith(lines, "reserve"), 0);
  }),
);

test("an agent that starts again takes the reserve over", () =>
  withAgent({ before: leaveReserve }, async ({ host }) => {
    assert.equal((await host.list(spare)).length, SPARE_NODES);
  }));

async function leaveReserve(host: XenstoreClient): Promise<void> {
  for (let index = 0; index < SPARE_NODES - 3; index += 1) await host.write(`${spare}/${index}`, "");
}

test("looking at a whole reserve changes nothing that others watch", bounded, () =>
  withAgent({}, async ({ host, ask }, clock) => {
    const seen: string[] = [];
    const watch = host.watch(`${data}/nova-agent`);
    await watch.ready;
    for (let poll = 0; poll < 3; poll += 1) {
      clock.advance(POLL_INTERVAL_MS);
      await ask("version");
    }
    await host.write(`${data}/nova-agent/end`, "");
    for await (const { path } of watch) {
      seen.push(path);
      if (path.endsWith("/end")) break;
    }
    assert.deepEqual(seen, [`${data}/nova-agent`, `${data}/nova-agent/end`]);
  }),
);

test("a dry run makes no nodes", () =>
  withAgent({ agent: { take: () => {} } }, async ({ host }) => {
    assert.deepEqual(await host.list(data), []);
  }));
