import assert from "node:assert/strict";
import { once } from "node:events";
import { link, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeUtf8, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock, socketTransport } from "@nova-agent/xenstore/node";
import { createScriptedServer, testTransportContract } from "@nova-agent/xenstore/testing";

interface Listening {
  readonly path: string;
  readonly server: Server;
  readonly dispose: () => Promise<void>;
}

async function listen(): Promise<Listening> {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-socket-"));
  const path = join(directory, "socket");
  const server = createServer();
  server.listen(path);
  await once(server, "listening");
  const dispose = async (): Promise<void> => {
    server.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { path, server, dispose };
}

async function accept(server: Server): Promise<Socket> {
  const [socket] = (await once(server, "connection")) as [Socket];
  return socket;
}

testTransportContract(
  { test: (name, body) => void test(`unix socket: ${name}`, { timeout: 10_000 }, body), assert },
  async () => {
    const { path, server, dispose } = await listen();
    const [left, socket] = await Promise.all([connectUnix(path)(), accept(server)]);
    return { left, right: socketTransport(socket), dispose };
  },
);

test("a client works over a socket", async () => {
  const { path, server, dispose } = await listen();
  try {
    const accepted = accept(server);
    const connect = connectUnix(path);
    const client = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
    const scripted = createScriptedServer(socketTransport(await accepted));
    const value = client.readText("/a");
    scripted.reply(await scripted.next(), encodeUtf8("1"));
    assert.equal(await value, "1");
    await client.close();
    await scripted.ended;
  } finally {
    await dispose();
  }
});

test("a socket that is not there is ENOENT, with its path and the question to ask", async () => {
  const { path, dispose } = await listen();
  await dispose();
  await assert.rejects(connectUnix(path)(), {
    name: "XenstoreError",
    code: "ENOENT",
    message: `Cannot connect to XenStore at "${path}": there is no such socket; is the XenStore server running?`,
  });
});

test("a socket that nobody listens on is EIO and says that the server has ended", async () => {
  const { path, server, dispose } = await listen();
  try {
    const leftover = `${path}.left`;
    await link(path, leftover);
    server.close();
    await once(server, "close");
    await assert.rejects(connectUnix(leftover)(), { code: "EIO", message: /nothing listens there/ });
  } finally {
    await dispose();
  }
});
