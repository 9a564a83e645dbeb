import assert from "node:assert/strict";
import { once } from "node:events";
import { link, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  DOMAIN_CONNECTIONS_MAX,
  encodePacket,
  Store,
  XenstoreClient,
  XenstoreError,
} from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock, type XenstoreListener } from "@nova-agent/xenstore/node";

interface Served {
  readonly store: Store;
  readonly directory: string;
  readonly listener: XenstoreListener;
  readonly open: (domid: number) => Promise<XenstoreClient>;
}

/** Serves a store in a new directory while `body` runs. */
async function withListener(body: (served: Served) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), "xenstore-listen-"));
  const directory = join(parent, "run");
  const store = new Store();
  const listener = await listenXenstore({ store, clock: nodeClock, directory });
  const clients: XenstoreClient[] = [];
  const open = async (domid: number): Promise<XenstoreClient> => {
    const connect = connectUnix(listener.domainSocketPath(domid));
    const client = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
    clients.push(client);
    return client;
  };
  try {
    await body({ store, directory, listener, open });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await listener.close();
    await rm(parent, { recursive: true, force: true });
  }
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test("dom0's socket is for its owner alone, in a directory for its owner alone", () =>
  withListener(async ({ directory, listener, open }) => {
    assert.equal(listener.socketPath, join(directory, "socket"));
    assert.equal(await modeOf(directory), "700");
    assert.equal(await modeOf(listener.socketPath), "600");
    const client = await open(0);
    await client.write("/a", "1");
    assert.equal(await client.readText("/a"), "1");
  }));

test("a domain's socket is there when introduce is answered, and gone when release is", () =>
  withListener(async ({ directory, open }) => {
    const dom0 = await open(0);
    await dom0.introduce({ domid: 5, gfn: 1, port: 1 });
    assert.deepEqual(await readdir(directory), ["dom5.sock", "socket"]);
    assert.equal(await modeOf(join(directory, "dom5.sock")), "600");
    const guest = await open(5);
    await assert.rejects(guest.write("/forbidden", "1"), { code: "EACCES" });
    await dom0.release(5);
    assert.deepEqual(await readdir(directory), ["socket"]);
    await assert.rejects(guest.read("name"), { code: "ECLOSED" });
    await dom0.introduce({ domid: 5, gfn: 1, port: 1 });
    await open(5);
  }));

test("whoever connects to a domain's socket is that unprivileged domain", () =>
  withListener(async ({ store, open }) => {
    store.introduce(5);
    const dom0 = await open(0);
    await dom0.makeDirectory("/local/domain/5");
    await dom0.setPermissions("/local/domain/5", [{ domid: 5, read: false, write: false }]);
    const [first, second] = [await open(5), await open(5)];
    await first.write("name", "guest");
    assert.equal(await second.readText("/local/domain/5/name"), "guest");
    assert.equal(await dom0.readText("/local/domain/5/name"), "guest");
    await assert.rejects(first.release(5), { code: "EACCES" });
  }));

test("domains that were introduced before have their sockets from the start", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-listen-"));
  const store = new Store();
  store.introduce(7);
  const listener = await listenXenstore({ store, clock: nodeClock, directory });
  try {
    assert.deepEqual(await readdir(directory), ["dom7.sock", "socket"]);
  } finally {
    await listener.close();
    await listener.close();
    assert.deepEqual(await readdir(directory), []);
    await rm(directory, { recursive: true });
  }
});

test("a directory that another process serves is left alone", () =>
  withListener(async ({ directory, listener, open }) => {
    const second = listenXenstore({ store: new Store(), clock: nodeClock, directory });
    await assert.rejects(second, { code: "EBUSY", message: new RegExp(`"${listener.socketPath}"`) });
    const client = await open(0);
    assert.deepEqual(await client.list("/"), ["tool"]);
  }));

/** Leaves a socket as a server that was killed does: its other name outlives it. */
async function leaveDeadSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.alive`);
  await once(server, "listening");
  await link(`${path}.alive`, path);
  server.close();
  await once(server, "close");
}

test("sockets that nobody serves any more are replaced", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-listen-"));
  try {
    for (const name of ["socket", "dom9.sock", ".0123abcd"]) await leaveDeadSocket(join(directory, name));
    const store = new Store();
    const listener = await listenXenstore({ store, clock: nodeClock, directory });
    assert.deepEqual(await readdir(directory), ["socket"]);
    assert.equal(await modeOf(listener.socketPath), "600");
    assert.equal(store.introduce(9), true);
    assert.deepEqual(await readdir(directory), ["dom9.sock", "socket"]);
    await listener.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

for (const place of ["an empty directory", "a directory of a dead server"]) {
  test(`of several that begin to serve ${place} at once, one does`, async () => {
    const directory = await mkdtemp(join(tmpdir(), "xenstore-listen-"));
    const listeners: XenstoreListener[] = [];
    const begin = async (): Promise<string> => {
      try {
        listeners.push(await listenXenstore({ store: new Store(), clock: nodeClock, directory }));
        return "serves";
      } catch (error) {
        return error instanceof XenstoreError ? error.code : String(error);
      }
    };
    try {
      if (place !== "an empty directory") await leaveDeadSocket(join(directory, "socket"));
      const outcomes = await Promise.all([begin(), begin(), begin(), begin()]);
      assert.deepEqual(outcomes.toSorted(), ["EBUSY", "EBUSY", "EBUSY", "serves"]);
      assert.deepEqual(await readdir(directory), ["socket"]);
    } finally {
      await Promise.all(listeners.map((listener) => listener.close()));
      await rm(directory, { recursive: true });
    }
  });
}

test("what is no socket is not replaced", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-listen-"));
  try {
    await writeFile(join(directory, "socket"), "precious");
    const listening = listenXenstore({ store: new Store(), clock: nodeClock, directory });
    await assert.rejects(listening, { code: "EEXIST" });
    await writeFile(join(directory, "file"), "");
    const below = listenXenstore({
      store: new Store(),
      clock: nodeClock,
      directory: join(directory, "file", "x"),
    });
    await assert.rejects(below, { code: "EIO" });
    const long = join(directory, "x".repeat(100));
    await assert.rejects(listenXenstore({ store: new Store(), clock: nodeClock, directory: long }), {
      code: "EINVAL",
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("a client that sends what is no packet loses its own connection only", () =>
  withListener(async ({ store, listener, open }) => {
    store.introduce(5);
    const transport = await connectUnix(listener.domainSocketPath(5))();
    const closed = new Promise((resolve) => {
      transport.start({ receive: () => undefined, closed: resolve });
    });
    const packet = encodePacket({ type: 2, requestId: 1, transactionId: 0, payload: new Uint8Array(10) });
    packet[15] = 0xff;
    transport.send(packet);
    await closed;
    const guest = await open(5);
    await assert.rejects(guest.read("name"), { code: "EACCES" });
  }));

test("a guest with all its connections taken is turned away, dom0 and other guests are not", () =>
  withListener(async ({ store, open }) => {
    store.introduce(5);
    store.introduce(6);
    const clients = await Promise.all(Array.from({ length: DOMAIN_CONNECTIONS_MAX }, () => open(5)));
    await assert.rejects((await open(5)).getDomainPath(5), { code: "ECLOSED" });
    for (const client of [...clients, await open(6), await open(0)]) await client.getDomainPath(5);
  }));

test("many clients at once, and one after them, get each their own answers in order", () =>
  withListener(async ({ open }) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => open(0)));
    // Long enough for the server to keep the writes of one turn together, and to stop doing so.
    for (let round = 0; round < 20; round += 1) {
      const values = await Promise.all(
        clients.map(async (client, index) => {
          await client.write(`/client/${index}`, `${index} in round ${round}`);
          return client.readText(`/client/${index}`);
        }),
      );
      assert.deepEqual(
        values,
        clients.map((_, index) => `${index} in round ${round}`),
      );
    }
    const last = await open(0);
    for (let round = 0; round < 100; round += 1) {
      await last.write("/last", String(round));
      assert.equal(await last.readText("/last"), String(round));
    }
  }));
