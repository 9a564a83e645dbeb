import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import {
  decodeLatin1,
  encodePacket,
  encodeUtf8,
  MessageType,
  type Packet,
  PacketDecoder,
  readPacket,
  TRANSPORT_QUEUE_BYTES,
  XENBUS_READ_BYTES,
  XenbusTransport,
} from "@nova-agent/xenstore";
import { connectXenbus } from "@nova-agent/xenstore/node";
import { createFakeDevice, type FakeDevice } from "./fake-device.ts";

const WAKE = "4294967295:domid";

function packet(requestId: number, path: string): Uint8Array {
  return encodePacket({
    type: MessageType.read,
    requestId,
    transactionId: 0,
    payload: encodeUtf8(`${path}\0`),
  });
}

interface Opened {
  readonly device: FakeDevice;
  readonly transport: XenbusTransport;
  readonly packets: Packet[];
  readonly ends: (Error | undefined)[];
  readonly drains: () => number;
}

function open(): Opened {
  const device = createFakeDevice();
  const transport = new XenbusTransport({ device, path: "/dev/fake" });
  const decoder = new PacketDecoder();
  const packets: Packet[] = [];
  const ends: (Error | undefined)[] = [];
  let drains = 0;
  transport.start({
    receive: (bytes) =>
      decoder.push(bytes, (received) => packets.push({ ...received, payload: received.payload.slice() })),
    drained: () => void (drains += 1),
    closed: (reason) => void ends.push(reason),
  });
  return { device, transport, packets, ends, drains: () => drains };
}

/** Ends a transport's life as close() and the answer to its last request do. */
async function dispose({ device, transport }: Opened): Promise<void> {
  transport.close();
  if (device.isClosed()) return;
  device.finishWrite();
  device.answer(packet(0xffff_ffff, "7"));
  await settle();
  assert.equal(device.isClosed(), true);
}

test("each packet is a write of its own, and writes wait for each other", async () => {
  const opened = open();
  const { device, transport } = opened;
  transport.send(Buffer.concat([packet(1, "a"), packet(2, "b")]));
  transport.send(packet(3, "c"));
  assert.deepEqual(device.written, ["1:a"]);
  device.finishWrite();
  device.finishWrite();
  assert.deepEqual(device.written, ["1:a", "2:b", "3:c"]);
  device.finishWrite();
  assert.equal(transport.queuedBytes, 0);
  await dispose(opened);
});

test("what a read brings is received, and the next read follows", async () => {
  const opened = open();
  const { device, packets } = opened;
  device.answer(Buffer.concat([packet(1, "x"), packet(2, "y").subarray(0, 5)]));
  device.answer(packet(2, "y").subarray(5));
  assert.deepEqual(
    packets.map(({ requestId }) => requestId),
    [1, 2],
  );
  assert.equal(device.isReading(), true);
  await dispose(opened);
});

test("a paused transport holds what its read brings, and does not read on", async () => {
  const opened = open();
  const { device, transport, packets } = opened;
  transport.pause();
  device.answer(packet(1, "x"));
  assert.equal(packets.length, 0);
  assert.equal(device.isReading(), false);
  transport.resume();
  await settle();
  assert.equal(packets.length, 1);
  assert.equal(device.isReading(), true);
  await dispose(opened);
});

for (const [code, name] of [
  ["EINVAL", "EINVAL"],
  ["E2BIG", "E2BIG"],
  ["EFAULT", "EIO"],
] as const) {
  void test(`a write that fails with ${code} fails its request alone, with ${name}`, async () => {
    const opened = open();
    const { device, transport, packets, ends } = opened;
    transport.send(packet(7, "a"));
    transport.send(packet(8, "b"));
    device.finishWrite(code);
    const [refusal] = packets;
    assert.equal(refusal?.type, MessageType.error);
    assert.equal(refusal?.requestId, 7);
    assert.equal(decodeLatin1(refusal?.payload ?? new Uint8Array()), `${name}\0`);
    device.finishWrite();
    assert.deepEqual(device.written, ["7:a", "8:b"]);
    assert.deepEqual(ends, []);
    await dispose(opened);
  });
}

test("the error of a failed write does not come between the halves of a message", async () => {
  const opened = open();
  const { device, transport, packets } = opened;
  const long = encodePacket({ ...readPacket(packet(1, ""), 0, 0), payload: new Uint8Array(4096) });
  const stream = Buffer.concat(Array.from({ length: 4 }, () => long));
  transport.send(packet(7, "a"));
  device.answer(stream.subarray(0, XENBUS_READ_BYTES));
  device.finishWrite("EINVAL");
  device.answer(stream.subarray(XENBUS_READ_BYTES));
  assert.deepEqual(
    packets.map(({ requestId }) => requestId),
    [1, 1, 1, 1, 7],
  );
  await dispose(opened);
});

test("send returns false over the limit, and drained follows the last write", async () => {
  const opened = open();
  const { device, transport, drains } = opened;
  let sent = 0;
  while (transport.send(packet((sent += 1), "a".repeat(4000))));
  assert.ok(transport.queuedBytes > TRANSPORT_QUEUE_BYTES);
  for (let finished = 1; finished < sent; finished += 1) device.finishWrite();
  assert.equal(drains(), 0);
  device.finishWrite();
  assert.equal(drains(), 1);
  await dispose(opened);
});

test("close wakes the blocked read after the write under way, and closes the device when it is back", async () => {
  const { device, transport, packets, ends } = open();
  transport.send(packet(1, "a"));
  transport.send(packet(2, "never sent"));
  transport.close();
  transport.close();
  await settle();
  assert.deepEqual(ends, [undefined]);
  assert.deepEqual(device.written, ["1:a"]);
  device.finishWrite();
  assert.deepEqual(device.written, ["1:a", WAKE]);
  assert.equal(device.isClosed(), false);
  device.answer(packet(0xffff_ffff, "7"));
  assert.equal(device.isClosed(), false);
  device.finishWrite();
  assert.equal(device.isClosed(), true);
  assert.deepEqual(packets, []);
  assert.equal(transport.send(packet(3, "a")), true);
});

test("a device that breaks ends the transport with a reason that names it", async () => {
  const { device, ends } = open();
  device.answer("EIO");
  await settle();
  assert.equal(ends.length, 1);
  assert.match(String(ends[0]?.message), /"\/dev\/fake" ended: EIO/);
  assert.equal(device.isClosed(), true);
});

test("the end of the file ends the transport", async () => {
  const { device, ends } = open();
  device.answer(new Uint8Array());
  await settle();
  assert.match(String(ends[0]?.message), /end of file/);
  assert.equal(device.isClosed(), true);
});

test("a transport that was never started closes its device at once", async () => {
  const device = createFakeDevice();
  const transport = new XenbusTransport({ device, path: "/dev/fake" });
  transport.close();
  assert.equal(device.isClosed(), true);
  assert.deepEqual(device.written, []);
});

test("the process's exit wakes a blocked read, and is watched only while a transport is open", async () => {
  const opened = open();
  const { device } = opened;
  assert.equal(device.isExitWatched(), true);
  device.exit();
  assert.deepEqual(device.written, [WAKE]);
  await dispose(opened);
  assert.equal(device.isExitWatched(), false);
});

test("a device that is not there is ENOENT, with its path and the question to ask", async () => {
  await assert.rejects(connectXenbus("/nowhere/xenbus")(), {
    code: "ENOENT",
    message: `Cannot open XenStore's device "/nowhere/xenbus": no such device; is this a Xen guest with XenStore?`,
  });
});
