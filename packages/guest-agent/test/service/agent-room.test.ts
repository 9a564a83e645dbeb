import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8, MessageType, type XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createManualClock } from "@nova-agent/xenstore/testing";
import {
  POLL_INTERVAL_MS,
  REPLIES_CHECKED_FROM,
  REPLY_KEPT_MS,
  ROOM_BATCH,
  SPARE_NODES,
} from "../../src/limits.ts";
import { DOMID, type Harness } from "../support/agent-harness.ts";
import { withMemoryAgent } from "../support/memory-agent.ts";
import type { MemoryXenstore } from "../support/memory-xenstore.ts";

const base = `/local/domain/${DOMID}/data`;
/** Bound of what a test waits for. */
const bounded = { timeout: 20_000 };
/** The spare nodes and their two directories. */
const RESERVE = 2 + SPARE_NODES;
const VERSION = '{"name":"version"}';

async function askOften({ askRaw }: Harness, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { returncode } = await askRaw(VERSION, `request-${String(index).padStart(27, "0")}`);
    assert.equal(returncode, "0");
  }
}

test("1,000 requests of a host that removes no answer are answered within the store's quotas", () =>
  withMemoryAgent({}, async (harness) => {
    await askOften(harness, 1000);
    assert.deepEqual(await harness.list("host"), []);
    const answers = await harness.list("guest");
    // Names of 36 characters: a node of 2,048 bytes holds the names of no more children.
    assert.ok(answers.length > 40 && answers.length < 60, String(answers.length));
    assert.ok(answers.includes(`request-${"999".padStart(27, "0")}`));
    assert.ok(harness.lines.some((line) => line.includes("Removed older answers to make room")));
  }));

test("1,000 requests are answered where the number of nodes is the limit", () =>
  withMemoryAgent({ quotas: { nodes: 20 + RESERVE, "node-size": 0 } }, async (harness) => {
    await askOften(harness, 1000);
    assert.ok((await harness.list("guest")).length < 20);
  }));

test("the oldest answers go first, and no more of them than it takes", () =>
  withMemoryAgent({ quotas: { nodes: 14 + RESERVE, "node-size": 0 } }, async ({ askRaw, list }) => {
    const ids = Array.from({ length: 12 }, (_, index) => `answer-${index}`);
    for (const id of ids) await askRaw(VERSION, id);
    const kept = await list("guest");
    assert.ok(kept.length >= 6, kept.join());
    assert.deepEqual(kept, ids.slice(-kept.length));
  }));

test("answers that the host removed are not counted as room made", () =>
  withMemoryAgent({ quotas: { nodes: 14 + RESERVE, "node-size": 0 } }, async ({ host, askRaw, list }) => {
    for (let index = 0; index < ROOM_BATCH + 1; index += 1) {
      await askRaw(VERSION, `removed-${index}`);
      await host.remove(`${base}/guest/removed-${index}`);
    }
    // Three directories and eleven answers are 14 nodes; the twelfth answer takes the room of four.
    for (let index = 0; index < 12; index += 1) await askRaw(VERSION, `kept-${index}`);
    assert.equal((await list("guest")).length, 12 - ROOM_BATCH);
  }));

test("an answer may take the room of its request, without an older answer going", () =>
  withMemoryAgent({ quotas: { nodes: 14 + RESERVE, "node-size": 0 } }, async ({ askRaw, list, lines }) => {
    for (let index = 0; index < 11; index += 1) await askRaw(VERSION, `answer-${index}`);
    assert.equal((await list("guest")).length, 11);
    assert.ok(!lines.some((line) => line.includes("Removed older answers")));
  }));

test("without room, and without an answer to remove, the request goes and the log says why", () =>
  withMemoryAgent({ quotas: { nodes: 2, "node-size": 0 } }, async ({ host, put, list, lines, ready }) => {
    await ready;
    await put("unlucky", VERSION);
    for await (const _event of host.watch(`${base}/host`)) {
      if ((await list("host")).length === 0) break;
    }
    assert.deepEqual(await list("guest"), []);
    const line = lines.find((text) => text.includes("without an answer") && text.includes("unlucky"));
    assert.match(line ?? "", /ENOSPC|ENOMEM/);
  }));

test("an answer waits while other programs of the guest hold all its transactions", bounded, async () => {
  const clock = createManualClock();
  const options = { clock, clientClock: nodeClock, quotas: { transactions: 1 } };
  await withMemoryAgent(options, async ({ askRaw, put, answer, guest, list, lines }) => {
    await askRaw(VERSION, "before");
    const id = await guest.request(MessageType.transactionStart, encodeUtf8("\0"));
    await put("patient", VERSION);
    while (!lines.some((line) => line.includes("Could not serve"))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual([await list("host"), await list("guest")], [["patient"], ["before"]]);
    const open = Number.parseInt(Buffer.from(id).toString(), 10);
    await guest.request(MessageType.transactionEnd, encodeUtf8("F\0"), open);
    clock.advance(POLL_INTERVAL_MS);
    assert.equal((await answer("patient")).returncode, "0");
  });
});

test("an answer that nobody removes goes after five minutes, a younger one stays", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ askRaw, list, ask }) => {
    await askRaw(VERSION, "old");
    clock.advance(REPLY_KEPT_MS / 2);
    await askRaw(VERSION, "young");
    clock.advance(REPLY_KEPT_MS / 2);
    await ask("features");
    const answers = await list("guest");
    assert.ok(!answers.includes("old") && answers.includes("young"), answers.join());
  });
});

test("many answers that the host has removed are forgotten", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ host, askRaw, ask, list }) => {
    for (let index = 0; index <= REPLIES_CHECKED_FROM; index += 1) {
      await askRaw(VERSION, `answer-${index}`);
      await host.remove(`${base}/guest/answer-${index}`);
    }
    // Of the same name, and nothing of the agent's: it would remove it if it still counted it as its own.
    await host.write(`${base}/guest/answer-0`, "{}");
    clock.advance(REPLY_KEPT_MS);
    await ask("version");
    assert.ok((await list("guest")).includes("answer-0"));
  });
});

/** An answer of an earlier life of the agent. */
async function leaveOne(host: XenstoreClient): Promise<void> {
  await host.write(`${base}/guest/found`, "{}");
}

test("an answer that was there at the start goes five minutes after the start", async () => {
  const clock = createManualClock(1_000_000);
  await withMemoryAgent({ clock, before: leaveOne }, async ({ ready, askRaw, ask, list }) => {
    await ready;
    clock.advance(REPLY_KEPT_MS - POLL_INTERVAL_MS);
    await askRaw(VERSION, "asked");
    assert.deepEqual((await list("guest")).toSorted(), ["asked", "found"]);
    clock.advance(POLL_INTERVAL_MS);
    await ask("version");
    const answers = await list("guest");
    assert.ok(!answers.includes("found") && answers.includes("asked"), answers.join());
  });
});

/** The same, which the guest may not remove. */
async function leaveForeign(host: XenstoreClient): Promise<void> {
  await leaveOne(host);
  await host.setPermissions(`${base}/guest/found`, [{ domid: 0, read: true, write: false }]);
}

test("what the agent may not remove keeps no other answer from going", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock, before: leaveForeign }, async ({ askRaw, ask, list }) => {
    await askRaw(VERSION, "asked");
    clock.advance(REPLY_KEPT_MS);
    await ask("version");
    const answers = await list("guest");
    assert.ok(answers.includes("found") && !answers.includes("asked"), answers.join());
  });
});

/** Answers of an earlier life of the agent, more than a server without listing in parts can name. */
async function leaveMany(host: XenstoreClient, xenstore: MemoryXenstore): Promise<void> {
  xenstore.listsInParts = false;
  for (let index = 0; index < 200; index += 1) {
    await host.write(`${base}/guest/request-${String(index).padStart(27, "0")}`, "{}");
  }
}

test("answers that are too many to list go five minutes after the start, our own stay", async () => {
  const clock = createManualClock();
  const options = { clock, quotas: { "node-size": 0 }, before: leaveMany };
  await withMemoryAgent(options, async ({ ready, askRaw, ask, list }) => {
    await ready;
    clock.advance(REPLY_KEPT_MS - POLL_INTERVAL_MS);
    await askRaw(VERSION, "own");
    assert.equal((await list("guest")).length, 201);
    clock.advance(POLL_INTERVAL_MS);
    await ask("version");
    await ask("version");
    const answers = await list("guest");
    assert.ok(answers.includes("own") && answers.length <= 3, answers.join());
  });
});

test("answers that are too many to list go when there is no room, our own stay", async () => {
  const options = { quotas: { nodes: 210, "node-size": 0 }, before: leaveMany };
  await withMemoryAgent(options, async ({ askRaw, list }) => {
    for (let index = 0; index < 20; index += 1) await askRaw(VERSION, `own-${index}`);
    const answers = await list("guest");
    assert.equal(answers.length, 20, answers.join());
    assert.ok(answers.includes("own-0"));
  });
});

/** And more requests than it can name. */
async function askMany(host: XenstoreClient, xenstore: MemoryXenstore): Promise<void> {
  await leaveMany(host, xenstore);
  for (let index = 0; index < 200; index += 1) {
    await host.write(`${base}/host/waiting-${String(index).padStart(27, "0")}`, VERSION);
  }
}

test("requests are served where there are too many answers and requests to list", async () => {
  await withMemoryAgent({ quotas: { "node-size": 0 }, before: askMany }, async ({ ready, ask, lines }) => {
    await ready;
    assert.equal((await ask("version")).returncode, "0");
    assert.ok(lines.some((line) => line.includes("Too many requests to list")));
  });
});
