import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import {
  encodePacket,
  readPacket,
  type XenbusDevice,
  XenbusTransport,
  XenstoreClient,
} from "@nova-agent/xenstore";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";

const HEADER_BYTES = 16;

/** A device as Linux has it: it keeps each header, and of the bodies the one that was written last. */
interface Kernel {
  readonly device: XenbusDevice;
  /** Sends what was written, and hands out the answers: each request's own body. */
  readonly send: () => void;
}

function createKernel(): Kernel {
  const waiting: number[] = [];
  const buffer = new Uint8Array(4096 + HEADER_BYTES);
  let answers: Uint8Array[] = [];
  let reading:
    | { readonly buffer: Uint8Array; readonly done: Parameters<XenbusDevice["read"]>[1] }
    | undefined;
  const deliver = (): void => {
    const answer = reading === undefined ? undefined : answers.shift();
    if (answer === undefined || reading === undefined) return;
    const { buffer: into, done } = reading;
    reading = undefined;
    into.set(answer);
    done(null, answer.length);
  };
  return {
    device: {
      read(into, done) {
        reading = { buffer: into, done };
        deliver();
      },
      write(bytes, done) {
        buffer.set(bytes);
        waiting.push(readPacket(bytes, 0, bytes.length - HEADER_BYTES).requestId);
        done(null);
      },
      cancelRead: () => (reading = undefined),
      close: () => {},
    },
    send() {
      const { type, transactionId, payload } = readPacket(buffer, 0, bodyLength(buffer));
      const sent = waiting
        .splice(0)
        .map((requestId) => encodePacket({ type, requestId, transactionId, payload }));
      answers = [...answers, ...sent];
      deliver();
    },
  };
}

function bodyLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer).getUint32(12, true);
}

async function open(
  kernel: Kernel,
  options: { readonly requestTimeoutMs?: number; readonly reconnect?: boolean } = {},
): Promise<{ client: XenstoreClient; clock: ManualClock }> {
  const clock = createManualClock();
  const connect = async () => new XenbusTransport({ device: kernel.device, path: "/dev/fake" });
  return { client: await XenstoreClient.open({ connect, clock, ...options }), clock };
}

test("requests of one moment do not write over each other in the buffer of Linux's device", async () => {
  const kernel = createKernel();
  const { client } = await open(kernel);
  const paths = ["vm-data/networking/AA0000000001", "vm-data/networking/AA0000000002", "name"];
  const values = Promise.all(paths.map((path) => client.readText(path)));
  for (const _path of paths) {
    await settle();
    kernel.send();
  }
  // This kernel's answer is what it was asked.
  assert.deepEqual(
    await values,
    paths.map((path) => `${path}\0`),
  );
  await client.close();
});

test("when the device keeps a request for too long the connection ends, and with it those behind", async () => {
  const { client, clock } = await open(createKernel(), { requestTimeoutMs: 1000, reconnect: false });
  const first = assert.rejects(client.read("/a"), { code: "ETIMEDOUT" });
  clock.advance(500);
  const second = assert.rejects(client.read("/b"), { code: "ECLOSED" });
  clock.advance(500);
  await Promise.all([first, second]);
  await client.close();
});
