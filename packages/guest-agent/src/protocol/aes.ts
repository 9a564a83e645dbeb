import { wipeableCopy } from "../secret.ts";

/** Bytes of a block of AES, and of the key and the initialisation vector here. */
export const AES_BLOCK_BYTES = 16;

const ROUNDS = 10;
const inverseSbox = makeInverseSbox();
const sbox = Uint8Array.from(inverseSbox.keys(), (value) => inverseSbox.indexOf(value));

/** What CBC takes: 16 bytes each of key and vector, and the bytes. */
export interface CbcOptions {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * AES-128-CBC decryption of whole blocks (FIPS 197; SP 800-38A, 6.2), padding left on. It is not
 * constant in time: the one who could measure it has the password already. Wipe the result.
 */
export function decryptAesCbc(options: CbcOptions): Uint8Array {
  const { iv, data } = options;
  const roundKeys = expandKey(options);
  const plain = wipeableCopy(data);
  for (let at = 0; at < data.length; at += AES_BLOCK_BYTES) {
    const block = plain.subarray(at, at + AES_BLOCK_BYTES);
    decryptBlock(block, roundKeys);
    xorInto(block, at === 0 ? iv : data.subarray(at - AES_BLOCK_BYTES, at));
  }
  roundKeys.fill(0);
  return plain;
}

/** AES-128-CBC encryption of whole blocks, which have their padding already. */
export function encryptAesCbc(options: CbcOptions): Uint8Array {
  const { iv, data } = options;
  const roundKeys = expandKey(options);
  const encrypted = wipeableCopy(data);
  for (let at = 0; at < data.length; at += AES_BLOCK_BYTES) {
    const block = encrypted.subarray(at, at + AES_BLOCK_BYTES);
    xorInto(block, at === 0 ? iv : encrypted.subarray(at - AES_BLOCK_BYTES, at));
    encryptBlock(block, roundKeys);
  }
  roundKeys.fill(0);
  return encrypted;
}

function decryptBlock(block: Uint8Array, roundKeys: Uint8Array): void {
  xorInto(block, roundKeys.subarray(ROUNDS * 16));
  for (let round = ROUNDS - 1; round >= 0; round -= 1) {
    unshiftRowsAndSubstitute(block);
    xorInto(block, roundKeys.subarray(round * 16, round * 16 + 16));
    if (round > 0) unmixColumns(block);
  }
}

function encryptBlock(block: Uint8Array, roundKeys: Uint8Array): void {
  xorInto(block, roundKeys);
  for (let round = 1; round <= ROUNDS; round += 1) {
    substituteAndShiftRows(block);
    if (round < ROUNDS) mixColumns(block);
    xorInto(block, roundKeys.subarray(round * 16));
  }
}

/** The 11 round keys, one after the other (FIPS 197, 5.2). Throws RangeError for wrong lengths. */
function expandKey({ key, iv, data }: CbcOptions): Uint8Array {
  if (key.length !== 16 || iv.length !== 16 || data.length % AES_BLOCK_BYTES !== 0) {
    throw new RangeError("AES-128-CBC takes 16 bytes of key and vector, and whole blocks");
  }
  const keys = new Uint8Array((ROUNDS + 1) * 16);
  keys.set(key);
  const at = (index: number) => keys[index] ?? 0;
  let roundConstant = 1;
  for (let index = 16; index < keys.length; index += 1) {
    let byte = at(index - 4);
    if (index % 16 < 4) {
      // The first word of a round key takes the word before it, rotated by a byte and substituted.
      byte = sbox[at(index % 16 === 3 ? index - 7 : index - 3)] ?? 0;
      if (index % 16 === 0) byte ^= roundConstant;
      if (index % 16 === 3) roundConstant = double(roundConstant);
    }
    keys[index] = at(index - 16) ^ byte;
  }
  return keys;
}

function unshiftRowsAndSubstitute(block: Uint8Array): void {
  const before = block.slice();
  for (let index = 0; index < 16; index += 1) {
    // Byte `index` is in row index % 4; its row moved that many columns to the left.
    const from = (index - 4 * (index % 4) + 16) % 16;
    block[index] = inverseSbox[before[from] ?? 0] ?? 0;
  }
  before.fill(0);
}

function substituteAndShiftRows(block: Uint8Array): void {
  const before = block.slice();
  for (let index = 0; index < 16; index += 1) {
    const from = (index + 4 * (index % 4)) % 16;
    block[index] = sbox[before[from] ?? 0] ?? 0;
  }
  before.fill(0);
}

function mixColumns(block: Uint8Array): void {
  for (let column = 0; column < 16; column += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = block.subarray(column, column + 4);
    block[column] = double(a) ^ double(b) ^ b ^ c ^ d;
    block[column + 1] = a ^ double(b) ^ double(c) ^ c ^ d;
    block[column + 2] = a ^ b ^ double(c) ^ double(d) ^ d;
    block[column + 3] = double(a) ^ a ^ b ^ c ^ double(d);
  }
}

function unmixColumns(block: Uint8Array): void {
  for (let column = 0; column < 16; column += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = block.subarray(column, column + 4);
    block[column] = multiply(a, 14) ^ multiply(b, 11) ^ multiply(c, 13) ^ multiply(d, 9);
    block[column + 1] = multiply(a, 9) ^ multiply(b, 14) ^ multiply(c, 11) ^ multiply(d, 13);
    block[column + 2] = multiply(a, 13) ^ multiply(b, 9) ^ multiply(c, 14) ^ multiply(d, 11);
    block[column + 3] = multiply(a, 11) ^ multiply(b, 13) ^ multiply(c, 9) ^ multiply(d, 14);
  }
}

function xorInto(block: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < AES_BLOCK_BYTES; index += 1)
    block[index] = (block[index] ?? 0) ^ (other[index] ?? 0);
}

function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
}

/** Product in the field of FIPS 197, 4.2. */
function multiply(value: number, factor: number): number {
  let product = 0;
  for (let power = value, rest = factor; rest > 0; power = double(power), rest >>= 1) {
    if (rest & 1) product ^= power;
  }
  return product;
}

/** FIPS 197, 5.3.2, by walking the field: 3 generates it, and 0xf6 is the inverse of 3. */
function makeInverseSbox(): Uint8Array {
  const inverse = new Uint8Array(256);
  let [value, reciprocal] = [1, 1];
  for (let step = 0; step < 255; step += 1) {
    const spread = reciprocal * 0x101;
    const mixed = spread ^ (spread >> 4) ^ (spread >> 5) ^ (spread >> 6) ^ (spread >> 7);
    inverse[(mixed ^ 0x63) & 0xff] = value;
    value ^= double(value);
    reciprocal = multiply(reciprocal, 0xf6);
  }
  inverse[0x63] = 0;
  return inverse;
}
