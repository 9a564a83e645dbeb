import assert from "node:assert/strict";
import { test } from "node:test";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";
import { CLOSE_TIMEOUT_MS, POLL_INTERVAL_MS } from "../../src/limits.ts";
import { DOMID } from "../support/agent-harness.ts";
import { createGate } from "../support/gate.ts";
import { type MemoryAgentOptions, withMemoryAgent } from "../support/memory-agent.ts";
import { createProbe } from "../support/probe-command.ts";

const base = `/local/domain/${DOMID}/data`;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Moves time until a promise resolves, letting everything that is ready run in between. */
async function advanceUntil<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const wrapped = promise.then((value) => ({ value }));
  for (let step = 0; step < 10_000; step += 1) {
    const outcome = await Promise.race([wrapped, settle()]);
    if (outcome !== undefined) return outcome.value;
    clock.advance(50);
  }
  throw new Error("Nothing came of it");
}

test("a connection lost between requests is made again, and requests are served as before", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ ask, xenstore }) => {
    await ask("version");
    xenstore.dropGuest();
    assert.equal((await advanceUntil(clock, ask("version"))).message, "3.0.0");
  });
});

/** Cuts the connection while a request is carried out; the answer must come all the same, and once. */
async function cutOff(before?: MemoryAgentOptions["before"]): Promise<void> {
  const clock = createManualClock();
  const [gate, started] = [createGate(), createGate()];
  const probe = createProbe(async () => {
    started.open();
    await gate.passed;
  });
  const options = { clock, agent: { commands: probe.commands }, ...(before && { before }) };
  await withMemoryAgent(options, async ({ put, answer, xenstore }) => {
    await put("cut-off", '{"name":"probe","value":"once"}');
    await started.passed;
    xenstore.isDown = true;
    xenstore.dropGuest();
    await settle();
    gate.open();
    await settle();
    clock.advance(60_000);
    await settle();
    xenstore.isDown = false;
    const reply = await advanceUntil(clock, answer("cut-off"));
    assert.deepEqual(reply, { returncode: "0", message: "once" });
    assert.deepEqual(probe.values, ["once"]);
  });
}

test("an answer that met a lost connection is delivered later, and nothing is done twice", () => cutOff());

test("an answer that met a lost connection is delivered where requests cannot be listed", () =>
  cutOff(async (host, xenstore) => {
    xenstore.listsInParts = false;
    for (const letter of ["a", "b", "c"]) {
      const path = `${base}/host/${letter.repeat(1500)}`;
      await host.write(path, "{}");
      await host.setPermissions(path, [{ domid: 0, read: false, write: false }]);
    }
  }));

test("an agent outlives a XenStore that stays away for an hour", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ ask, xenstore }) => {
    await ask("version");
    xenstore.isDown = true;
    xenstore.dropGuest();
    for (let minute = 0; minute < 60; minute += 1) {
      await settle();
      clock.advance(60_000);
    }
    xenstore.isDown = false;
    assert.equal((await advanceUntil(clock, ask("version"))).message, "3.0.0");
  });
});

test("an unexpected error of the store is logged, and the loop goes on", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ host, put, ask, answer, list, lines, ready }) => {
    await ready;
    // A request that the guest may not read: it cannot be served, nor removed.
    await host.write(`${base}/host/sealed`, '{"name":"version"}');
    await host.setPermissions(`${base}/host/sealed`, [{ domid: 0, read: false, write: false }]);
    await put("open", '{"name":"version"}');
    for (let turn = 0; turn < 20; turn += 1) await settle();
    assert.deepEqual(await list("guest"), [], "It rests after an error");
    assert.equal((await advanceUntil(clock, answer("open"))).message, "3.0.0");
    clock.advance(POLL_INTERVAL_MS);
    assert.equal((await advanceUntil(clock, ask("version"))).message, "3.0.0");
    assert.deepEqual(await list("host"), ["sealed"]);
    assert.ok(lines.some((line) => line.includes('"Could not serve requests"') && line.includes("sealed")));
  });
});

/** Makes the requests' directory one that the guest may not read. */
async function seal(host: XenstoreClient): Promise<void> {
  await host.makeDirectory(`${base}/host`);
  await host.setPermissions(`${base}/host`, [{ domid: 0, read: false, write: false }]);
}

test("an agent is not ready before it could look for requests", async () => {
  const clock = createManualClock();
  let isReady = false;
  const ready = (): void => {
    isReady = true;
  };
  await withMemoryAgent({ clock, before: seal, agent: { ready } }, async ({ host, ask }) => {
    for (let turn = 0; turn < 20; turn += 1) await settle();
    clock.advance(POLL_INTERVAL_MS);
    for (let turn = 0; turn < 20; turn += 1) await settle();
    assert.equal(isReady, false);
    await host.setPermissions(`${base}/host`, [{ domid: DOMID, read: false, write: false }]);
    clock.advance(POLL_INTERVAL_MS);
    await advanceUntil(clock, ask("version"));
    assert.equal(isReady, true);
  });
});

test("an answer is removed after its time although the connection ended when it was written", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ put, answer, list, ready, xenstore }) => {
    await ready;
    // Else the event of the request's removal lets it be answered once more.
    xenstore.losesEvents = true;
    xenstore.endsAtCommit = true;
    await put("unsure", '{"name":"version"}');
    assert.equal((await advanceUntil(clock, answer("unsure"))).returncode, "0");
    xenstore.endsAtCommit = false;
    const isGone = async (): Promise<void> => {
      while ((await list("guest")).length > 0) await settle();
    };
    await advanceUntil(clock, isGone());
  });
});

test("close lets the request in hand finish and be answered, and begins no other", async () => {
  const gate = createGate();
  const started = createGate();
  const probe = createProbe(async () => {
    started.open();
    await gate.passed;
  });
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ agent, put, answer, list }) => {
    await put("in-hand", '{"name":"probe","value":1}');
    await started.passed;
    await put("behind", '{"name":"probe","value":2}');
    const closing = agent.close();
    assert.equal(agent.close(), closing);
    gate.open();
    await closing;
    assert.equal((await answer("in-hand")).returncode, "0");
    assert.deepEqual(await list("host"), ["behind"]);
    assert.deepEqual(probe.values, [1]);
  });
});

test("close gives up a request that does not finish within the limit", async () => {
  const clock = createManualClock();
  const started = createGate();
  const gate = createGate();
  const probe = createProbe(async () => {
    started.open();
    await gate.passed;
  });
  await withMemoryAgent({ clock, agent: { commands: probe.commands } }, async ({ agent, put, list }) => {
    await put("endless", '{"name":"probe"}');
    await started.passed;
    const closing = agent.close();
    await settle();
    clock.advance(CLOSE_TIMEOUT_MS);
    await closing;
    assert.deepEqual(await list("guest"), []);
    gate.open();
  });
});

test("a closed agent leaves no timer and no watch behind", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock, clientClock: nodeClock }, async ({ agent, put, list, ready }) => {
    await ready;
    assert.notEqual(clock.nextTimerMs(), undefined);
    await agent.close();
    assert.equal(clock.nextTimerMs(), undefined);
    await put("late", '{"name":"version"}');
    await settle();
    assert.deepEqual(await list("host"), ["late"]);
  });
});
