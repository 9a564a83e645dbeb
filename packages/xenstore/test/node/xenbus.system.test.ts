import assert from "node:assert/strict";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  makeTemporaryDirectory,
  removeDirectory,
  type RunningProcess,
  startProcess,
  systemTest,
  waitFor,
} from "@nova-agent/testbed";
import { encodeUtf8, MessageType, XenstoreClient } from "@nova-agent/xenstore";
import { connectXenbus, nodeClock, socketTransport } from "@nova-agent/xenstore/node";
import { createScriptedServer, type ScriptedServer } from "@nova-agent/xenstore/testing";

interface Device {
  readonly path: string;
  readonly close: () => Promise<void>;
}

/** A character device whose reads block, with a server behind it: socat joins a terminal to a socket. */
async function openDevice(): Promise<Device> {
  const directory = await makeTemporaryDirectory();
  const [socket, path] = [join(directory, "socket"), join(directory, "device")];
  const server = createServer((accepted) => void serve(createScriptedServer(socketTransport(accepted))));
  server.listen(socket);
  await once(server, "listening");
  const relay = startProcess({ argv: ["socat", `PTY,raw,echo=0,link=${path}`, `UNIX-CONNECT:${socket}`] });
  const close = async (): Promise<void> => {
    await relay.stop();
    server.close();
    await removeDirectory(directory);
  };
  try {
    await waitFor(() => isThere(path), { what: "device" });
  } catch (error) {
    await close();
    throw error;
  }
  return { path, close };
}

/** Answers READ with the path, EINVAL for a bad one, and everything else with OK; WATCH has its event. */
async function serve(server: ScriptedServer): Promise<never> {
  for (;;) {
    const request = await server.next();
    const [argument = "", token = ""] = Buffer.from(request.payload).toString().split("\0");
    if (argument.includes(" ")) server.fail(request, "EINVAL");
    else if (request.type === MessageType.read) server.reply(request, encodeUtf8(argument));
    else server.reply(request, ["OK"]);
    if (request.type === MessageType.watch) server.event(argument, token);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A program that holds a client with a watch, so that a read is blocked, until SIGTERM; then it does `last`. */
async function startHolder(device: string, last: string): Promise<RunningProcess> {
  const program = `
    import { XenstoreClient } from ${JSON.stringify(import.meta.resolve("@nova-agent/xenstore"))};
    import { connectXenbus, nodeClock } from ${JSON.stringify(import.meta.resolve("@nova-agent/xenstore/node"))};
    const client = await XenstoreClient.open({ connect: connectXenbus(process.argv[1]), clock: nodeClock });
    const watch = client.watch("data/host");
    await watch.ready;
    process.on("SIGTERM", async () => { ${last} });
    process.stdout.write("ready");
  `;
  const holder = startProcess({ argv: [process.execPath, "--input-type=module", "--eval", program, device] });
  await waitFor(() => holder.stdout().includes("ready") || !holder.isRunning(), { what: "holder" });
  return holder;
}

/** The status with which it ends by itself; 128 when it has to be killed, as by any signal. */
async function endWithin(holder: RunningProcess, limitMs: number): Promise<number> {
  const timer = setTimeout(() => holder.kill("SIGKILL"), limitMs);
  const { status } = await holder.exited;
  clearTimeout(timer);
  return status;
}

const needs = ["socat"] as const;

systemTest("a client works over a character device", { needs }, async () => {
  const device = await openDevice();
  const connect = connectXenbus(device.path);
  const client = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
  try {
    for await (const event of client.watch("data/host")) {
      assert.equal(event.path, "data/host");
      break;
    }
    const paths = Array.from({ length: 200 }, (_, index) => `data/${index}`);
    assert.deepEqual(await Promise.all(paths.map((path) => client.readText(path))), paths);
    await client.write("data/long", "x".repeat(4000));
    await assert.rejects(client.read("data/a b"), { code: "EINVAL" });
  } finally {
    await client.close();
    await device.close();
  }
});

systemTest("a device whose other side goes away ends the connection", { needs }, async () => {
  const device = await openDevice();
  const connect = connectXenbus(device.path);
  const client = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
  try {
    const watch = client.watch("data/host");
    await watch.ready;
    await device.close();
    await assert.rejects(
      async () => {
        for await (const event of watch) assert.equal(event.path, "data/host");
      },
      { code: "ECLOSED" },
    );
  } finally {
    await client.close();
    await device.close();
  }
});

const ends: readonly [string, string, number][] = [
  ["process.exit", "process.exit(3);", 3],
  ["close right before process.exit", "client.close(); process.exit(4);", 4],
  ["close alone", "process.exitCode = 5; await client.close();", 5],
  ["an uncaught error", "setImmediate(() => { throw new Error('Expected by the test'); });", 1],
];

for (const [how, last, expected] of ends) {
  systemTest(`a process with a blocked read ends by ${how}`, { needs }, async () => {
    const device = await openDevice();
    try {
      const holder = await startHolder(device.path, last);
      holder.kill("SIGTERM");
      const status = await endWithin(holder, 20_000);
      assert.equal(status, expected, holder.stderr());
    } finally {
      await device.close();
    }
  });
}
