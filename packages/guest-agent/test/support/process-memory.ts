import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const CHUNK_BYTES = 1024 * 1024;

/** How often `word` stands in the memory that another process of ours can write to (proc(5), /proc/pid/mem). */
export function countInMemory(pid: number, word: string): number {
  const needle = Buffer.from(word);
  const descriptor = openSync(`/proc/${pid}/mem`, "r");
  try {
    return writableRanges(pid)
      .map((range) => countInRange(descriptor, { ...range, needle }))
      .reduce((sum, count) => sum + count, 0);
  } finally {
    closeSync(descriptor);
  }
}

interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

function writableRanges(pid: number): readonly Range[] {
  const lines = readFileSync(`/proc/${pid}/maps`, "latin1").split("\n");
  return lines.flatMap((line) => {
    const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    if (start === undefined || end === undefined) return [];
    return [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }];
  });
}

function countInRange(descriptor: number, range: Range & { readonly needle: Buffer }): number {
  const { start, end, needle } = range;
  const overlap = BigInt(needle.length - 1);
  let count = 0;
  for (let at = start; at < end; at += BigInt(CHUNK_BYTES) - overlap) {
    const chunk = readChunk(descriptor, { at, length: Number(end - at) });
    for (let found = chunk.indexOf(needle); found >= 0; found = chunk.indexOf(needle, found + 1)) count += 1;
  }
  return count;
}

/** Empty where the process has given the memory back in the meantime. */
function readChunk(descriptor: number, { at, length }: { at: bigint; length: number }): Buffer {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, length));
  try {
    return chunk.subarray(0, readSync(descriptor, chunk, 0, chunk.length, at));
  } catch {
    return Buffer.alloc(0);
  }
}
