import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test, { type TestContext } from "node:test";
import { memoryDatabase, sampleInstance } from "@nova-agent/host/testing";
import { HostError, type Instance, type LogFields, OperationRunner, Presence } from "../../../src/index.ts";
import { nodeCrypto } from "../../../src/node/index.ts";
import { HEARTBEAT_TIMEOUT_MS, PRESENCE_LOOK_MS } from "../../../src/instances/limits.ts";
import type { Answer } from "../../../src/testing/fake-guest.ts";
import { MemoryOperations } from "../../../src/testing/index.ts";
import { quiet, until } from "../../support/instance-world.ts";
import { dateOf, request, sealer } from "../../support/runner-world.ts";
import { createWorld, GUEST_UUID } from "../../support/world.ts";

const MINUTE = 60_000;
const FEATURES = "version,password,features";

const willing: Answer = ({ name }) => ({
  code: "0",
  message: name === "features" ? FEATURES : name === "version" ? "3.0.0" : "",
});

const silent: Answer = () => "ignore";

/** A presence of the guest in domain 5, whose agent was heard when the clock began. */
async function createPresence(
  context: TestContext,
  { answer = willing, ...changes }: Partial<Instance> & { readonly answer?: Answer } = {},
) {
  const world = await createWorld(context, { answer });
  const { connector, clock, guest } = world;
  const now = dateOf(clock);
  const database = memoryDatabase(now);
  const image = { id: "debian", name: "debian", hasAgent: true, isRescue: false, reference: "" };
  const sizes = { osType: "linux", minDiskGib: 0, minRamMib: 0, createdAt: now() } as const;
  await database.inventory.insertImage({ ...image, ...sizes });
  const known = { agentSeenAt: now(), agentVersion: "3.0.0", agentFeatures: ["version"] };
  database.put(sampleInstance({ id: GUEST_UUID, ...known, ...changes }));
  const lines: string[] = [];
  const log = (message: string, fields?: LogFields) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const newId = randomUUID;
  const logging = { info: log, warn: log, error: log };
  const presence = new Presence({ database, connector, now, newId, log: logging });
  context.after(() => presence.close());
  return {
    ...world,
    presence,
    lines,
    now,
    database,
    instance: () => database.instance(GUEST_UUID),
    asked: () => guest.requests.map(({ name }) => name),
    /** Lets the time pass, look by look. */
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += PRESENCE_LOOK_MS) {
        clock.advance(Math.min(PRESENCE_LOOK_MS, ms - passed));
        await quiet();
      }
    },
  };
}

test("an agent that was heard lately is not asked, and one that was not is, over and over", async (context) => {
  const { presence, asked, pass, instance, now } = await createPresence(context);
  presence.start();
  await pass(2 * MINUTE);
  assert.deepEqual(asked(), []);
  await pass(MINUTE);
  assert.deepEqual(asked(), ["version"]);
  assert.deepEqual(instance().agentSeenAt, now());
  await pass(3 * MINUTE);
  assert.deepEqual(asked(), ["version", "version"]);
});

test("an agent of which nobody knows what it offers is asked for that", async (context) => {
  const { presence, instance } = await createPresence(context, { agentFeatures: null });
  presence.start();
  await until(() => instance().agentFeatures !== null);
  assert.deepEqual(instance().agentFeatures, ["version", "password", "features"]);
});

test("an agent that has another version is asked for what it offers anew", async (context) => {
  const { presence, instance } = await createPresence(context, { agentVersion: "2.9.0", agentSeenAt: null });
  presence.start();
  await until(() => instance().agentVersion === "3.0.0");
  assert.deepEqual(instance().agentFeatures, ["version", "password", "features"]);
});

test("an agent that does not answer is silent since then, and heard again when it does", async (context) => {
  const agent = { answer: silent };
  const world = await createPresence(context, { agentSeenAt: null, answer: (met) => agent.answer(met) });
  const { presence, instance, pass, now } = world;
  presence.start();
  await quiet();
  const since = new Date(now().getTime() + MINUTE / 2);
  await pass(MINUTE);
  assert.deepEqual(instance().agentSilentSince?.getTime(), since.getTime());
  assert.deepEqual(await world.nodes("data/host"), []);
  agent.answer = willing;
  await pass(3 * MINUTE);
  assert.equal(instance().agentSilentSince, null);
  assert.notEqual(instance().agentSeenAt, null);
});

test("an instance that an action has is left alone", async (context) => {
  const { presence, pass, asked } = await createPresence(context, {
    agentSeenAt: null,
    taskState: "rebooting",
  });
  presence.start();
  await pass(5 * MINUTE);
  assert.deepEqual(asked(), []);
});

test("a heartbeat that an operation meets is withdrawn, and the operation goes on at once", async (context) => {
  const answer: Answer = ({ name }) => (name === "version" ? "ignore" : { code: "0", message: FEATURES });
  const world = await createPresence(context, { agentSeenAt: null, answer });
  const { presence, connector, clock, now, asked, instance } = world;
  const operations = new MemoryOperations(now);
  const ids = ["00000000-0000-4000-8000-0000000000aa"];
  const runner = new OperationRunner({
    connector,
    operations,
    sealer,
    crypto: nodeCrypto,
    clock,
    now,
    newId: () => ids.shift() ?? "",
    observer: presence,
  });
  context.after(() => runner.close());
  presence.start();
  await until(() => asked().includes("version"));
  const { message } = await runner.run(request({ kind: "features" }));
  assert.equal(message, FEATURES);
  assert.deepEqual(asked(), ["version", "features"]);
  assert.deepEqual(await world.nodes("data/host"), []);
  await until(() => instance().agentSeenAt !== null);
  assert.deepEqual(instance().agentFeatures, ["version", "password", "features"]);
  assert.equal((await operations.list({})).length, 1);
});

test("an operation that is refused was heard, one that nobody answered was not", async (context) => {
  const { presence, instance, now, clock } = await createPresence(context);
  const end = async (error: HostError): Promise<void> => {
    presence.began(GUEST_UUID);
    presence.ended(GUEST_UUID, { kind: "password", error });
    await quiet();
  };
  await end(new HostError("GUEST_TIMEOUT", "Nothing was asked"));
  await end(new HostError("GUEST_GONE", "It went away"));
  assert.equal(instance().agentSilentSince, null);
  await end(new HostError("GUEST_TIMEOUT", "No answer", { wasTaken: false }));
  assert.deepEqual(instance().agentSilentSince, now());
  clock.advance(1_000);
  await end(new HostError("GUEST_REFUSED", "No"));
  assert.equal(instance().agentSilentSince, null);
  assert.deepEqual(instance().agentSeenAt, now());
});

test("when an agent was heard is written down once a minute at most", async (context) => {
  const { presence, database, clock } = await createPresence(context, { agentSeenAt: null });
  let writes = 0;
  const update = database.instances.update.bind(database.instances);
  context.mock.method(database.instances, "update", async (...args: Parameters<typeof update>) => {
    writes += 1;
    return update(...args);
  });
  const answered = async (): Promise<void> => {
    presence.began(GUEST_UUID);
    presence.ended(GUEST_UUID, { kind: "password", message: "" });
    await quiet();
  };
  for (let times = 0; times < 5; times += 1) await answered();
  assert.equal(writes, 1);
  clock.advance(MINUTE);
  await answered();
  assert.equal(writes, 2);
});

test("a guest that comes is asked until it has booted, and its silence means nothing meanwhile", async (context) => {
  const agent = { answer: silent };
  const world = await createPresence(context, { agentSeenAt: new Date(0) });
  const { presence, pass, instance } = world;
  presence.start();
  await until(() => instance().agentSeenAt?.getTime() !== 0);
  await world.endDomain(5);
  await pass(MINUTE);
  await world.addDomain({ domid: 6, name: "web-1", uuid: GUEST_UUID });
  const guest = await world.addGuest(6, (met) => agent.answer(met));
  await pass(2 * MINUTE);
  assert.ok(guest.requests.length > 1);
  assert.equal(instance().agentSilentSince, null);
  agent.answer = willing;
  const before = instance().agentSeenAt;
  await pass(MINUTE);
  assert.notDeepEqual(instance().agentSeenAt, before);
});

test("of many domains that come at once each is not a look of its own", async (context) => {
  const world = await createPresence(context);
  const { presence, database, clock } = world;
  let looks = 0;
  const list = database.instances.list.bind(database.instances);
  context.mock.method(database.instances, "list", async (...args: Parameters<typeof list>) => {
    looks += 1;
    return list(...args);
  });
  presence.start();
  await until(() => looks === 1);
  for (let domid = 20; domid < 30; domid += 1) {
    await world.addDomain({ domid, name: `other-${domid}` });
    await quiet();
  }
  assert.equal(looks, 1);
  clock.advance(1_000);
  await until(() => looks === 2);
});

test("what it does ends with it", async (context) => {
  const world = await createPresence(context, { agentSeenAt: null, answer: silent });
  const { presence, asked, lines, instance } = world;
  presence.start();
  await until(() => asked().length > 0);
  await presence.close();
  await presence.close();
  assert.deepEqual(await world.nodes("data/host"), []);
  assert.equal(instance().agentSilentSince, null);
  assert.deepEqual(lines, []);
  world.assertQuiet();
});

test("what heartbeats of before have left with a guest is gone after the next, and nothing else", async (context) => {
  const world = await createPresence(context, { agentSeenAt: null });
  const { presence, xenstore, instance } = world;
  const [left, other] = ["6e6f7661-6265-4174-8000-000000000001", "ec2f3f0c-0000-4000-8000-00000000000f"];
  await world.reply(left, "3.0.0");
  await world.reply(other, "of somebody else");
  presence.start();
  await until(() => instance().agentSeenAt !== null);
  assert.deepEqual(await world.nodes("data/guest"), [other]);
  await xenstore.remove(`/local/domain/5/data/guest/${other}`);
});

test("a guest that moved while it was asked may boot, and its silence means nothing", async (context) => {
  const world = await createPresence(context, { agentSeenAt: null, answer: silent });
  const { presence, asked, clock, instance } = world;
  presence.start();
  await until(() => asked().length === 1);
  await world.endDomain(5);
  await world.addDomain({ domid: 6, name: "web-1", uuid: GUEST_UUID });
  const guest = await world.addGuest(6, silent);
  await until(() => guest.requests.length === 1);
  clock.advance(HEARTBEAT_TIMEOUT_MS);
  await quiet();
  assert.deepEqual(await world.nodes("data/host", 6), []);
  assert.equal(instance().agentSilentSince, null);
});

test("an agent is asked although the time of day was set back", async (context) => {
  const tomorrow = new Date(Date.UTC(2026, 0, 2));
  const { presence, instance, now } = await createPresence(context, { agentSeenAt: tomorrow });
  presence.start();
  await until(() => instance().agentSeenAt?.getTime() !== tomorrow.getTime());
  assert.deepEqual(instance().agentSeenAt, now());
});

test("of an agent that is silent and then heard it is written last that it was heard", async (context) => {
  const { presence, database, instance, now } = await createPresence(context);
  const update = database.instances.update.bind(database.instances);
  let isFirst = true;
  // The first note takes long.
  context.mock.method(database.instances, "update", async (...args: Parameters<typeof update>) => {
    if (isFirst) {
      isFirst = false;
      await quiet();
    }
    return update(...args);
  });
  const end = (error: HostError): void => {
    presence.began(GUEST_UUID);
    presence.ended(GUEST_UUID, { kind: "password", error });
  };
  end(new HostError("GUEST_TIMEOUT", "No answer", { wasTaken: false }));
  end(new HostError("GUEST_REFUSED", "No"));
  await presence.close();
  assert.equal(instance().agentSilentSince, null);
  assert.deepEqual(instance().agentSeenAt, now());
});
