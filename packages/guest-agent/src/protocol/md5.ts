import { HASH_BLOCK_BYTES, padMessage } from "./message-padding.ts";

const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

// RFC 1321, 3.4: the integer part of 2^32 times abs(sin(i + 1)).
const sines = Uint32Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
);

/** The 16 bytes of a message's MD5 (RFC 1321). Only because the protocol's key derivation wants it. */
export function md5(message: Uint8Array): Uint8Array {
  const padded = padMessage(message, true);
  const view = new DataView(padded.buffer);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < padded.length; at += HASH_BLOCK_BYTES) mixBlock(state, view, at);
  padded.fill(0);
  const digest = new Uint8Array(16);
  for (const [index, word] of state.entries()) new DataView(digest.buffer).setUint32(index * 4, word, true);
  return digest;
}

function mixBlock(state: Uint32Array, view: DataView, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let step = 0; step < 64; step += 1) {
    const { mixed, word } = mixWords({ step, b, c, d });
    const sum = (a + mixed + (sines[step] ?? 0) + view.getUint32(at + word * 4, true)) >>> 0;
    const shift = shifts[step >> 4]?.[step & 3] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) >>> 0];
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = (state[index] ?? 0) + value;
}

/** The round's function of three words, and which word of the block the step takes. */
function mixWords(words: { step: number; b: number; c: number; d: number }): { mixed: number; word: number } {
  const { step, b, c, d } = words;
  if (step < 16) return { mixed: (b & c) | (~b & d), word: step };
  if (step < 32) return { mixed: (d & b) | (~d & c), word: (5 * step + 1) & 15 };
  if (step < 48) return { mixed: b ^ c ^ d, word: (3 * step + 5) & 15 };
  return { mixed: c ^ (b | ~d), word: (7 * step) & 15 };
}
