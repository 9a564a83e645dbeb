import assert from "node:assert/strict";
import { test } from "node:test";
import type { XenstoreClient } from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { AgentError } from "../../src/errors.ts";
import { POLL_INTERVAL_MS, REPLY_MAX_BYTES } from "../../src/limits.ts";
import type { Step } from "../../src/plan.ts";
import { DOMID } from "../support/agent-harness.ts";
import { createGate } from "../support/gate.ts";
import { withMemoryAgent } from "../support/memory-agent.ts";
import { createProbe } from "../support/probe-command.ts";

const base = `/local/domain/${DOMID}/data`;

test("a request is answered and removed", () =>
  withMemoryAgent({}, async ({ ask, list }) => {
    assert.deepEqual(await ask("version", "agent"), { returncode: "0", message: "3.0.0" });
    assert.deepEqual(await list("host"), []);
    assert.equal((await list("guest")).length, 1);
  }));

test("the request is gone at the moment when its answer is there", () =>
  withMemoryAgent({}, async ({ host, put }) => {
    await put("one", '{"name":"version"}');
    for await (const _event of host.watch(`${base}/guest/one`)) {
      const found = await host.transaction(async (transaction) => ({
        isAnswered: await transaction.exists(`${base}/guest/one`),
        isAsked: await transaction.exists(`${base}/host/one`),
      }));
      assert.notEqual(found.isAnswered, found.isAsked);
      if (found.isAnswered) break;
    }
  }));

test("requests that wait at the start are served in their order before the agent is ready", async () => {
  const probe = createProbe();
  const before = ["first", "second", "third"];
  const options = {
    agent: { commands: probe.commands },
    before: async (host: XenstoreClient) => {
      for (const id of before)
        await host.write(`${base}/host/${id}`, JSON.stringify({ name: "probe", value: id }));
    },
  };
  await withMemoryAgent(options, async ({ ready, list }) => {
    await ready;
    assert.deepEqual(probe.values, before);
    assert.deepEqual((await list("guest")).toSorted(), before.toSorted());
    assert.deepEqual(await list("host"), []);
  });
});

test("an agent is ready when there is nothing to do, and nowhere to look", () =>
  withMemoryAgent({}, async ({ ready, host }) => {
    await ready;
    assert.equal(await host.exists(`${base}/host`), false);
  }));

test("a ready callback that throws does not keep requests from being served", async () => {
  const called = createGate();
  const ready = (): never => {
    called.open();
    throw new Error("Service manager is gone");
  };
  await withMemoryAgent({ agent: { ready } }, async ({ ask, lines }) => {
    await called.passed;
    assert.ok(lines.some((line) => line.includes("Service manager is gone")));
    assert.equal((await ask("version")).returncode, "0");
  });
});

test("requests are served one at a time, in the order in which they were written", async () => {
  let running = 0;
  const probe = createProbe(async () => {
    running += 1;
    assert.equal(running, 1);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ put, answer }) => {
    const ids = Array.from({ length: 20 }, (_, index) => `request-${19 - index}`);
    await Promise.all(ids.map((id) => put(id, JSON.stringify({ name: "probe", value: id }))));
    await Promise.all(ids.map(answer));
    assert.deepEqual(probe.values, ids);
  });
});

test("a request that was answered before is removed and not carried out", async () => {
  const probe = createProbe();
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ host, askRaw, ask, list }) => {
    await askRaw('{"name":"probe","value":1}', "twice");
    await host.write(`${base}/guest/twice`, '{"returncode":"0","message":"kept"}');
    assert.deepEqual(await askRaw('{"name":"probe","value":2}', "twice"), {
      returncode: "0",
      message: "kept",
    });
    await ask("version");
    assert.deepEqual(await list("host"), []);
    assert.deepEqual(probe.values, [1]);
  });
});

test("an exception in a command is answered with 500 and its message", async () => {
  const probe = createProbe(() => {
    throw new TypeError("Broken command");
  });
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ ask }) => {
    assert.deepEqual(await ask("probe"), { returncode: "500", message: "Broken command" });
    assert.equal((await ask("version")).returncode, "0");
  });
});

test("a refusal is answered with the command's code and the reason", async () => {
  const error = new AgentError("AGENT_BAD_PAYLOAD", "Cannot do that");
  const probe = createProbe(() => Promise.reject(error), "1");
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ ask }) => {
    assert.deepEqual(await ask("probe"), { returncode: "1", message: "Cannot do that" });
  });
});

test("a step that fails is answered with the command's code and the reason", async () => {
  const failing: Step = { step: "run", argv: ["false"], timeoutMs: 1000, failure: "Could not do it" };
  const probe = createProbe(() => ({ steps: [failing], reply: { returncode: "0", message: "done" } }), "1");
  const result = { status: 1, stderr: "no way" };
  const run = () => result;
  await withMemoryAgent({ run, agent: { commands: probe.commands } }, async ({ ask }) => {
    const { returncode, message } = await ask("probe");
    assert.equal(returncode, "1");
    assert.match(message, /Could not do it.*no way/);
  });
});

test("an answer that is too long is cut, and is JSON all the same", async () => {
  const probe = createProbe();
  await withMemoryAgent({ agent: { commands: probe.commands } }, async ({ host, askRaw }) => {
    const value = '"€\\n'.repeat(300);
    const { message } = await askRaw(JSON.stringify({ name: "probe", value }), "long");
    assert.ok(value.startsWith(message.slice(0, -3)) && message.endsWith("..."));
    assert.ok((await host.read(`${base}/guest/long`)).length <= REPLY_MAX_BYTES);
  });
});

test("a request whose event got lost is found by the next look", async () => {
  const clock = createManualClock();
  await withMemoryAgent({ clock }, async ({ ready, put, answer, list, xenstore }) => {
    await ready;
    xenstore.losesEvents = true;
    await put("lost", '{"name":"version"}');
    assert.deepEqual(await list("host"), ["lost"]);
    clock.advance(POLL_INTERVAL_MS);
    assert.equal((await answer("lost")).message, "3.0.0");
  });
});

test("what stands below a request, or vanishes again, disturbs nobody", () =>
  withMemoryAgent({}, async ({ host, put, ask, list }) => {
    await put("gone", '{"name":"version"}');
    await host.remove(`${base}/host/gone`);
    await host.write(`${base}/host/deep/er`, "x");
    await host.remove(`${base}/host`);
    assert.equal((await ask("version")).returncode, "0");
    assert.deepEqual(await list("host"), []);
  }));

test("data/host and data/guest may vanish, as they do in a migration", () =>
  withMemoryAgent({}, async ({ host, ask }) => {
    await ask("version");
    await host.remove(`${base}/host`);
    await host.remove(`${base}/guest`);
    assert.equal((await ask("version")).returncode, "0");
  }));

test("the log tells of a request by id, command, time and code, never by value", () =>
  withMemoryAgent({}, async ({ askRaw, lines }) => {
    await askRaw('{"name":"version","value":"unique-value"}', "told");
    const line = lines.find((text) => text.includes('"told"'));
    const { durationMs, ...fields } = JSON.parse(line ?? "{}") as Record<string, unknown>;
    assert.equal(typeof durationMs, "number");
    assert.deepEqual(fields, {
      time: "1970-01-01T00:00:00.000Z",
      level: "info",
      message: "Request done",
      requestId: "told",
      command: "version",
      returncode: "0",
    });
    await askRaw('{"name":"unique-name","value":"unique-value"}');
    await askRaw('{"name":"injectfile","value":"unique-value"}');
    assert.ok(!lines.some((text) => text.includes("unique")), lines.join("\n"));
  }));
