import { HASH_BLOCK_BYTES, padMessage } from "./message-padding.ts";

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
]
  .concat([
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197,
  ])
  .concat([199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311]);

// FIPS 180-4, 4.2.2 and 5.3.3: 32 bits of the fraction of the primes' cube roots and square roots.
const roundConstants = Uint32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)));
const initialState = Uint32Array.from(primes.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

function fractionBits(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32);
}

/** The 32 bytes of a message's SHA-256 (FIPS 180-4). */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = padMessage(message, false);
  const view = new DataView(padded.buffer);
  const state = Uint32Array.from(initialState);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += HASH_BLOCK_BYTES) {
    fillSchedule(schedule, view, at);
    mixBlock(state, schedule);
  }
  padded.fill(0);
  schedule.fill(0);
  const digest = new Uint8Array(32);
  for (const [index, word] of state.entries()) new DataView(digest.buffer).setUint32(index * 4, word);
  return digest;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fillSchedule(schedule: Uint32Array, view: DataView, at: number): void {
  for (let index = 0; index < 16; index += 1) schedule[index] = view.getUint32(at + index * 4);
  const word = (index: number) => schedule[index] ?? 0;
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [word(index - 15), word(index - 2)];
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = word(index - 16) + first + word(index - 7) + second;
  }
}

function mixBlock(state: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let step = 0; step < 64; step += 1) {
    const mixed = (e & f) ^ (~e & g);
    const second = (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + mixed;
    const sum = (h + second + (roundConstants[step] ?? 0) + (schedule[step] ?? 0)) >>> 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    [h, g, f, e] = [g, f, e, (d + sum) >>> 0];
    [d, c, b, a] = [c, b, a, (sum + first) >>> 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] ?? 0) + value;
}
