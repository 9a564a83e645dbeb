import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test, { type TestContext } from "node:test";
import { HostConnector, type Operation, type OperationTask, Secret } from "../../src/index.ts";
import { AgentAnswers } from "../../src/testing/agent-answers.ts";
import type { Answer, FakeAnswer } from "../../src/testing/fake-guest.ts";
import { MemoryOperations } from "../../src/testing/index.ts";
import { type Death, Life, mortalOperations, MortalTransport } from "../support/mortal.ts";
import { createRunner, dateOf, request } from "../support/runner-world.ts";
import { becomeQuiet } from "../support/sending.ts";
import { createWorld, type World } from "../support/world.ts";

/** What a guest does while the host side is killed and started anew. */
type Manner = "answers at once" | "answers after the crash" | "never answers";

interface Case {
  readonly name: string;
  readonly task: () => OperationTask;
  /** Of the request that matters. */
  readonly command: string;
  readonly manner: Manner;
  readonly ends: readonly Operation["state"][];
}

interface Aftermath {
  readonly operation: Operation | undefined;
  /** What lies in XenStore between host and guest. */
  readonly nodes: readonly string[];
  readonly executions: number;
  readonly wasKilled: boolean;
}

const tasks = {
  features: { command: "features", task: () => ({ kind: "features" }) },
  password: {
    command: "password",
    task: () => ({ kind: "password", password: new Secret(Buffer.from("hunter2")) }),
  },
  injectFile: {
    command: "file_inject",
    task: () => ({ kind: "injectFile", file: { path: "/etc/motd", content: Buffer.from("Hi") } }),
  },
  kmsactivate: { command: "kmsactivate", task: () => ({ kind: "kmsactivate", value: "key" }) },
} as const satisfies Record<string, { readonly command: string; readonly task: () => OperationTask }>;

const done = ["done"] as const;
const cases: readonly Case[] = [
  { name: "features", ...tasks.features, manner: "answers at once", ends: done },
  { name: "a password", ...tasks.password, manner: "answers at once", ends: done },
  { name: "a file", ...tasks.injectFile, manner: "answers at once", ends: done },
  // Whoever died right before it was written cannot be told from one who died right after.
  { name: "a license", ...tasks.kmsactivate, manner: "answers at once", ends: ["done", "failed"] },
  { name: "a license", ...tasks.kmsactivate, manner: "answers after the crash", ends: ["done", "failed"] },
  { name: "a password", ...tasks.password, manner: "answers after the crash", ends: done },
  { name: "a license", ...tasks.kmsactivate, manner: "never answers", ends: ["failed", "timedOut"] },
  { name: "features", ...tasks.features, manner: "never answers", ends: ["timedOut"] },
];

/** More than any operation takes. */
const STEPS_MAX = 200;

for (const killed of cases) {
  for (const isAfter of [false, true]) {
    const when = isAfter ? "after" : "before";
    test(`${killed.name} of a guest that ${killed.manner}, killed ${when} every step, ends once and truly`, async (context) => {
      let step = 0;
      for (; step < STEPS_MAX; step += 1) {
        const aftermath = await killAt(context, killed, { step, isAfter });
        assertTrue(killed, aftermath, step);
        if (!aftermath.wasKilled) break;
      }
      assert.ok(step > 10 && step < STEPS_MAX, `${step} steps`);
    });
  }
}

async function killAt(context: TestContext, killed: Case, death: Death): Promise<Aftermath> {
  const gate = new AbortController();
  const restarted = new Promise<void>((resolve) => {
    gate.signal.addEventListener("abort", () => resolve());
  });
  const restart = (): void => gate.abort();
  let executions = 0;
  const answer = answerOf(killed, restarted, () => {
    executions += 1;
  });
  const world = await createWorld(context, { answer });
  const { clock } = world;
  const operations = new MemoryOperations(dateOf(clock));
  const life = new Life(death);
  const { client, end } = await world.connect((transport) => new MortalTransport(transport, life));
  const connector = new HostConnector({ xenstore: client, clock, newId: randomUUID });
  const first = createRunner({ connector, operations: mortalOperations(operations, life), clock });
  const running = first.run(request(killed.task())).catch(() => {});
  await settle(world, Promise.race([running, life.end]), restart);
  end();
  const wasKilled = life.isDead;
  restart();
  const second = createRunner({ connector: world.connector, operations, clock });
  await settle(world, second.recover(), restart);
  await second.collectLate();
  const [operation] = await operations.list({});
  if (operation !== undefined) assert.equal(await operations.sealedOf(operation.id), undefined);
  const nodes = [...(await world.nodes("data/host")), ...(await world.nodes("data/guest"))];
  return { operation, nodes, executions, wasKilled };
}

/** Lets time go by until `ending` has come; whoever lives that long has been answered before. */
async function settle(world: World, ending: Promise<unknown>, restart: () => void): Promise<void> {
  const progress = { isOver: false };
  const watched = ending.finally(() => {
    progress.isOver = true;
  });
  await becomeQuiet(world);
  while (!progress.isOver) {
    restart();
    await becomeQuiet(world);
    if (!progress.isOver) world.clock.advance(5000);
  }
  await watched;
}

function answerOf(killed: Case, restarted: Promise<void>, execute: () => void): Answer {
  const agent = new AgentAnswers();
  return async (met): Promise<FakeAnswer> => {
    const isMain = met.name === killed.command;
    if (isMain) execute();
    if (isMain && killed.manner === "never answers") return "take";
    if (isMain && killed.manner === "answers after the crash") await restarted;
    return met.name === "kmsactivate" ? { code: "0", message: "active" } : agent.answer(met);
  };
}

function assertTrue(killed: Case, aftermath: Aftermath, step: number): void {
  const { operation, executions } = aftermath;
  const told = `killed at step ${step}: ${JSON.stringify(operation?.timeline)}, executed ${executions} times`;
  if (operation === undefined) {
    assert.equal(executions, 0, told);
    return;
  }
  assert.ok(killed.ends.includes(operation.state), told);
  assert.deepEqual(aftermath.nodes, [], told);
  assert.ok(executions <= operation.attempts, told);
  if (operation.state === "done") assert.ok(executions > 0, told);
  if (killed.command === "kmsactivate") assert.ok(executions <= 1, told);
  if (operation.state === "failed") assert.equal(operation.error?.code, "OUTCOME_UNKNOWN", told);
  const ends = operation.timeline.filter(({ state }) => killed.ends.includes(state));
  assert.equal(ends.length, 1, told);
}
