import assert from "node:assert/strict";
import test from "node:test";
import { partitionTable } from "../../src/image/disk-image.ts";

test("a partition table has one partition for Linux, in sectors of 512 bytes", () => {
  const table = Buffer.from(partitionTable({ startMib: 1, sizeMib: 100 }));
  assert.equal(table.length, 512);
  assert.equal(table.readUInt16LE(510), 0xaa55);
  const [first, others] = [table.subarray(446, 462), table.subarray(462, 510)];
  assert.equal(first.readUInt8(4), 0x83);
  assert.deepEqual([first.readUInt32LE(8), first.readUInt32LE(12)], [2048, 204_800]);
  assert.deepEqual(others, Buffer.alloc(48));
});
