import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { createChildWorkers, type StartWorkerProcess } from "../../src/workers/child-workers.ts";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { CLOSE_TIMEOUT_MS, WORKER_LIMIT_MS } from "../../src/limits.ts";
import { createLogger } from "../../src/log.ts";
import { Pause } from "../../src/pause.ts";
import type { RequestHandler } from "../../src/service/request-handler.ts";
import {
  decodeTask,
  encodeMessage,
  encodeTask,
  type WorkerMessage,
  type WorkerTask,
} from "../../src/workers/worker-task.ts";
import type { StartUpWork } from "../../src/workers/workers.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { createGate } from "../support/gate.ts";

/** What a worker of a test does: tells its messages and ends with the status. */
type Script = (task: WorkerTask) => { readonly messages: readonly WorkerMessage[]; readonly status: number };

interface Scene {
  readonly handler: RequestHandler;
  readonly startUp: (pause: Pause) => Promise<void>;
  readonly tasks: readonly WorkerTask[];
  readonly inputs: readonly Uint8Array[];
  readonly lines: readonly string[];
  readonly readies: () => number;
}

function setScene(script: Script): Scene {
  const tasks: WorkerTask[] = [];
  const inputs: Uint8Array[] = [];
  const startProcess: StartWorkerProcess = (stdin, onLine) => {
    const task = decodeTask(stdin);
    tasks.push(task);
    inputs.push(stdin);
    const { messages, status } = script(task);
    onLine("words of a program that are no message");
    for (const message of messages) onLine(encodeMessage(message));
    return { ended: Promise.resolve(status), terminate: () => {}, kill: () => {} };
  };
  return { ...scene(startProcess), tasks, inputs };
}

function scene(startProcess: StartWorkerProcess, clock = createManualClock()) {
  const system = createFakeSystem({ clock });
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line), unixTime: () => 0 });
  const workers = createChildWorkers({ system, log, config: DEFAULT_CONFIG, root: "/", startProcess });
  let readies = 0;
  const work = { ready: () => (readies += 1) } as unknown as StartUpWork;
  return {
    // Workers have connections of their own.
    handler: workers.handler(undefined as never),
    startUp: (pause: Pause) => workers.startUp({ ...work, pause }),
    lines,
    readies: () => readies,
    system,
    clock,
  };
}

const done = { messages: [{ kind: "done" }], status: 0 } as const;

function replying(message: string, exchange: "kept" | "ended" | "failed" = "kept") {
  return { messages: [{ kind: "reply", reply: { returncode: "0", message }, exchange }], status: 0 } as const;
}

function request(name: string, value: unknown = ""): Uint8Array {
  return encodeUtf8(JSON.stringify({ name, value }));
}

test("a task's bytes are read again as they were, whatever a request holds", () => {
  const task = {
    kind: "request",
    config: { ...DEFAULT_CONFIG, xenstorePath: "/socket", redhatOrg: "org" },
    root: "/mnt",
    requestId: "id\n",
    request: Uint8Array.of(0, 10, 255, 10),
    exchange: encodeUtf8("123"),
  } as const;
  assert.deepEqual(decodeTask(encodeTask(task)), task);
});

test("what a worker answers is the answer, and its input is wiped", async () => {
  const { handler, tasks, inputs } = setScene(() => replying("written"));
  const reply = await handler.handle("1", request("injectfile", "AAAA"));
  assert.deepEqual(reply, { returncode: "0", message: "written" });
  const [task] = tasks;
  assert.ok(task?.kind === "request");
  assert.deepEqual([task.requestId, decodeUtf8(task.request)], ["1", '{"name":"injectfile","value":"AAAA"}']);
  assert.ok(inputs[0]?.every((byte) => byte === 0));
});

test("version and keyinit need no worker", async () => {
  const { handler, tasks } = setScene(() => replying(""));
  assert.equal((await handler.handle("1", request("version"))).message, "3.0.0");
  assert.equal((await handler.handle("2", request("keyinit", "5"))).returncode, "D0");
  assert.equal((await handler.handle("3", encodeUtf8("{"))).returncode, "500");
  assert.equal((await handler.handle("4", request("keyinit", "x"))).returncode, "500");
  assert.deepEqual(tasks, []);
});

test("a worker is given the open exchange, which ends when the worker says so", async () => {
  const uses = ["failed", "kept", "ended", "kept"] as const;
  const scene = setScene(() => replying("", uses[scene.tasks.length - 1]));
  await scene.handler.handle("1", request("keyinit", "5"));
  for (const _use of uses) await scene.handler.handle("2", request("password", "AAAA"));
  const given = scene.tasks.map((task) => task.kind === "request" && task.exchange.length > 0);
  assert.deepEqual(given, [true, true, true, false]);
});

for (const [name, returncode] of [
  ["resetnetwork", "1"],
  ["password", "500"],
] as const) {
  test(`a worker that dies of ${name} is a failure, and what it left is taken back`, async () => {
    const { handler, tasks, lines } = setScene(({ kind }) =>
      kind === "recover" ? done : { messages: [], status: 139 },
    );
    assert.deepEqual(await handler.handle("1", request(name)), {
      returncode,
      message: "The request's worker failed: it ended with status 139 before it was done",
    });
    assert.deepEqual(
      tasks.map(({ kind }) => kind),
      ["request", "recover"],
    );
    assert.ok(lines.some((line) => line.includes("139")));
    assert.equal((await handler.handle("2", request("version"))).returncode, "0");
  });
}

test("a process that cannot be started is a failure of its request alone", async () => {
  const { handler } = scene(() => {
    throw new Error("no more processes");
  });
  assert.match((await handler.handle("1", request("features"))).message, /no more processes/);
  assert.equal((await handler.handle("2", request("version"))).returncode, "0");
});

test("the work at the start tells when others may begin, and its failure is logged", async () => {
  const whole = setScene(() => ({ messages: [{ kind: "ready" }, { kind: "done" }], status: 0 }));
  await whole.startUp(new Pause(createManualClock()));
  assert.equal(whole.readies(), 1);
  const broken = setScene(() => ({ messages: [{ kind: "ready" }], status: 1 }));
  await broken.startUp(new Pause(createManualClock()));
  assert.ok(broken.lines.some((line) => line.includes("Could not bring the guest in order at the start")));
});

test("a worker that hangs is asked to end, and then killed", async () => {
  const calls: string[] = [];
  const gate = createGate();
  const { handler, clock } = scene(() => ({
    ended: gate.passed.then(() => 137),
    terminate: () => calls.push("terminate"),
    kill: () => {
      calls.push("kill");
      gate.open();
    },
  }));
  const reply = handler.handle("1", request("features"));
  await settle();
  clock.advance(WORKER_LIMIT_MS);
  await settle();
  assert.deepEqual(calls, ["terminate"]);
  clock.advance(CLOSE_TIMEOUT_MS);
  // The worker that takes back hangs as well, with the gate open it ends at once.
  assert.equal((await reply).returncode, "500");
  assert.deepEqual(calls.slice(0, 2), ["terminate", "kill"]);
});

test("when the service is to end, the work at the start is asked to", async () => {
  let terminated = 0;
  const gate = createGate();
  const { startUp } = scene(() => ({
    ended: gate.passed.then(() => 0),
    terminate: () => {
      terminated += 1;
      gate.open();
    },
    kill: () => {},
  }));
  const pause = new Pause(createManualClock());
  const started = startUp(pause);
  await settle();
  pause.end();
  await started;
  assert.equal(terminated, 1);
});

/** Lets all go on that can. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}
