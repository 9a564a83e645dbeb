import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  encodeLatin1,
  encodePacket,
  HEADER_BYTES,
  PacketDecoder,
  type Packet,
  PAYLOAD_MAX_BYTES,
  readPacket,
  readPayloadLength,
  writePacket,
  XenstoreError,
} from "@nova-agent/xenstore";
import { anyPacket } from "./arbitrary.ts";

/** READ of `/a` with request id 0x01020304 in transaction 0xfffffffe. */
const goldenPacket: Packet = {
  type: 2,
  requestId: 0x01020304,
  transactionId: 0xfffffffe,
  payload: encodeLatin1("/a\0"),
};
const goldenBytes = [2, 0, 0, 0, 4, 3, 2, 1, 0xfe, 0xff, 0xff, 0xff, 3, 0, 0, 0, 0x2f, 0x61, 0];

/** Everything a decoder gives for these chunks; payloads copied, for they are on loan. */
function decode(chunks: readonly Uint8Array[]): Packet[] {
  const decoder = new PacketDecoder();
  const packets: Packet[] = [];
  for (const chunk of chunks) {
    const taken = decoder.push(chunk, (packet) => {
      packets.push({ ...packet, payload: Uint8Array.from(packet.payload) });
    });
    assert.equal(taken, chunk.length);
  }
  return packets;
}

function join(packets: readonly Packet[]): Uint8Array {
  return Uint8Array.from(packets.flatMap((packet) => [...encodePacket(packet)]));
}

test("a packet is its header, little-endian, and its payload", () => {
  assert.deepEqual([...encodePacket(goldenPacket)], goldenBytes);
  assert.deepEqual(readPacket(Uint8Array.from(goldenBytes), 0, 3), goldenPacket);
  assert.equal(readPayloadLength(Uint8Array.from(goldenBytes), 0), 3);
});

test("packets are written behind one another", () => {
  const target = new Uint8Array(50).fill(0xee);
  const end = writePacket(goldenPacket, target, writePacket(goldenPacket, target, 1));
  assert.equal(end, 1 + 2 * goldenBytes.length);
  assert.deepEqual([...target.subarray(0, end + 1)], [0xee, ...goldenBytes, ...goldenBytes, 0xee]);
});

test("a payload over 4096 bytes is not written", () => {
  const packet = { ...goldenPacket, payload: new Uint8Array(PAYLOAD_MAX_BYTES) };
  assert.equal(encodePacket(packet).length, HEADER_BYTES + PAYLOAD_MAX_BYTES);
  assert.throws(
    () => encodePacket({ ...packet, payload: new Uint8Array(PAYLOAD_MAX_BYTES + 1) }),
    RangeError,
  );
});

test("a stream gives the same packets wherever it is split", () => {
  const packets = [goldenPacket, { ...goldenPacket, requestId: 2, payload: new Uint8Array() }, goldenPacket];
  const bytes = join(packets);
  for (let first = 0; first <= bytes.length; first += 1) {
    for (let second = first; second <= bytes.length; second += 1) {
      const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      assert.deepEqual(decode(chunks), packets);
    }
  }
  assert.deepEqual(decode([...bytes].map((byte) => Uint8Array.of(byte))), packets);
});

test("any packets in any slices come out as they went in", () => {
  const cuts = fc.array(fc.nat({ max: 1000 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(anyPacket, { maxLength: 6 }), cuts, (packets, cuts) => {
      const bytes = join(packets);
      const ends = [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      assert.deepEqual(decode(chunks), packets);
    }),
  );
});

test("the largest packet passes, a larger one is E2BIG as soon as its header is there", () => {
  const largest = { ...goldenPacket, payload: new Uint8Array(PAYLOAD_MAX_BYTES) };
  assert.deepEqual(decode([encodePacket(largest)]), [largest]);
  const header = encodePacket(largest).slice(0, HEADER_BYTES);
  header[12] = 1;
  assert.throws(() => decode([header]), { code: "E2BIG" });
  assert.throws(() => decode([header.subarray(0, 13), header.subarray(13)]), { code: "E2BIG" });
  assert.throws(() => decode([encodePacket(goldenPacket), header]), { code: "E2BIG" });
});

test("a decoder may be allowed larger packets, in whatever slices they come", () => {
  const large = { ...goldenPacket, payload: new Uint8Array(3 * PAYLOAD_MAX_BYTES).fill(7) };
  const bytes = new Uint8Array(2 * (HEADER_BYTES + large.payload.length));
  for (const offset of [0, bytes.length / 2]) {
    const header = encodePacket({ ...large, payload: new Uint8Array() });
    header[13] = large.payload.length >>> 8;
    bytes.set(header, offset);
    bytes.set(large.payload, offset + HEADER_BYTES);
  }
  for (const size of [1, 15, 16, 17, 5000, bytes.length]) {
    const decoder = new PacketDecoder({ maxPayloadBytes: large.payload.length });
    const received: Packet[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      decoder.push(bytes.subarray(start, start + size), (packet) => {
        received.push({ ...packet, payload: packet.payload.slice() });
      });
    }
    assert.deepEqual(received, [large, large], `in slices of ${size}`);
  }
  const strict = new PacketDecoder({ maxPayloadBytes: large.payload.length - 1 });
  assert.throws(() => strict.push(bytes, () => {}), { code: "E2BIG" });
});

test("random bytes give packets or E2BIG, and no more is held than one packet", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
      const decoder = new PacketDecoder();
      try {
        for (const chunk of chunks) {
          decoder.push(chunk, (packet) => assert.ok(packet.payload.length <= PAYLOAD_MAX_BYTES));
          assert.ok(decoder.heldBytes < HEADER_BYTES + PAYLOAD_MAX_BYTES);
        }
      } catch (error) {
        assert.ok(error instanceof XenstoreError && error.code === "E2BIG");
      }
    }),
  );
});

test("a receiver that returns false stops the decoder behind that packet", () => {
  const decoder = new PacketDecoder();
  const bytes = join([goldenPacket, goldenPacket, goldenPacket]);
  const half = bytes.subarray(0, 10);
  let received = 0;
  const receive = (): boolean => {
    received += 1;
    return false;
  };
  assert.equal(decoder.push(half, receive), 10);
  assert.equal(decoder.push(bytes.subarray(10), receive), goldenBytes.length - 10);
  assert.equal(decoder.push(bytes.subarray(goldenBytes.length), receive), goldenBytes.length);
  assert.equal(received, 2);
  assert.equal(decoder.heldBytes, 0);
});
