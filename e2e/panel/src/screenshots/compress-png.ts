import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE_BYTES = 8;
const CHUNK_HEAD_BYTES = 8;
const CRC_BYTES = 4;

/** The same picture in fewer bytes: browsers are in a hurry when they pack one (PNG, 10 and 11). */
export function compressPng(png: Uint8Array): Uint8Array {
  const chunks = parseChunks(png);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const repacked = deflateSync(inflateSync(packed), { level: 9, memLevel: 9 });
  const first = chunks.findIndex(({ type }) => type === "IDAT");
  const kept = chunks.filter(({ type }) => type !== "IDAT");
  const all = kept.toSpliced(first, 0, { type: "IDAT", data: repacked });
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), ...all.map(encodeChunk)]);
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function parseChunks(png: Uint8Array): readonly Chunk[] {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.length);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const data = at + CHUNK_HEAD_BYTES;
    chunks.push({ type: bytes.toString("latin1", at + 4, data), data: bytes.subarray(data, data + length) });
    at = data + length + CRC_BYTES;
  }
  return chunks;
}

function encodeChunk({ type, data }: Chunk): Uint8Array {
  const chunk = Buffer.alloc(CHUNK_HEAD_BYTES + data.length + CRC_BYTES);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, "latin1");
  chunk.set(data, CHUNK_HEAD_BYTES);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -CRC_BYTES)), chunk.length - CRC_BYTES);
  return chunk;
}
