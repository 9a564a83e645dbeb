import assert from "node:assert/strict";
import test from "node:test";
import type { Operation, Toolstack } from "@nova-agent/host";
import { SEAL_KEY_BYTES } from "@nova-agent/host/node";
import { memoryDatabase, MemoryOperations, sampleInstance } from "@nova-agent/host/testing";
import { createTransportPair, serve, Store, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { Closers } from "../src/closers.ts";
import { startInstances } from "../src/start-instances.ts";

const now = () => new Date();

/** A host whose domains have all ended with the service before this one. */
const emptyToolstack: Toolstack = {
  list: async () => [],
  find: async () => undefined,
  create: refuse,
  shutdown: refuse,
  reboot: refuse,
  destroy: async () => undefined,
  removeDisks: refuse,
  attachVif: refuse,
  detachVif: refuse,
  consoleLog: refuse,
  close: async () => undefined,
};

function refuse(): Promise<never> {
  return Promise.reject(new Error("Not used"));
}

async function openXenstore(closers: Closers): Promise<XenstoreClient> {
  const store = new Store();
  const connect = async () => {
    const [near, far] = createTransportPair();
    serve(store, far, { domid: 0, clock: nodeClock });
    return near;
  };
  const xenstore = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
  closers.add(() => xenstore.close());
  return xenstore;
}

/** One that a service was in the middle of when it was killed, and that has minutes left. */
function unfinished(instanceId: string): Operation {
  const at = now();
  return {
    id: "00000000-0000-4000-8000-00000000000f",
    instanceId,
    kind: "version",
    requestId: "req-1",
    userId: "u1",
    projectId: "p1",
    state: "sent",
    attempts: 1,
    createdAt: at,
    updatedAt: at,
    deadlineAt: new Date(at.getTime() + 300_000),
    timeline: [],
    returncode: null,
    message: null,
    error: null,
  };
}

test(
  "a start does not wait for guests that are not there, and neither does the end",
  { timeout: 60_000 },
  async () => {
    const closers = new Closers();
    const operations = new MemoryOperations(now);
    const database = { ...memoryDatabase(now), operations };
    const instance = sampleInstance({ vmState: "building", taskState: "spawning" });
    database.put(instance);
    const operation = unfinished(instance.id);
    await operations.insert(operation);
    const started = startInstances(
      {
        xenstore: await openXenstore(closers),
        database,
        toolstack: emptyToolstack,
        sealKey: new Uint8Array(SEAL_KEY_BYTES),
        log: { info() {}, warn() {}, error() {} },
        providerData: {},
      },
      closers,
    );
    const heard: string[] = [];
    started.changes.subscribe(({ kind, id }) => void heard.push(`${kind} ${id}`));
    await started.recover();
    // Whoever looks at it is told of what became of it.
    assert.ok(heard.includes(`instance ${instance.id}`));
    assert.equal(database.instance(instance.id).vmState, "error");
    assert.equal((await operations.find(operation.id))?.state, "sent");
    await closers.close();
    assert.equal((await operations.find(operation.id))?.state, "sent");
  },
);
