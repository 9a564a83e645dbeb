import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { EventLoop } from "../runtime/event-loop.ts";

// Stands for the few of Node's globals that test files use, in programs that run on the engine. Imported
// first, because libraries of tests look for some when they are loaded.

type Encoding = "utf8" | "latin1" | "hex" | "base64";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

class Bytes extends Uint8Array {
  override toString(encoding: Encoding = "utf8"): string {
    return decoders[encoding](this);
  }
}

const decoders: Readonly<Record<Encoding, (bytes: Uint8Array) => string>> = {
  utf8: (bytes) => decodeUtf8(bytes) ?? "",
  latin1: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""),
  hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  base64: toBase64,
};

const buffer = {
  from: (value: string | ArrayLike<number>, encoding: Encoding = "utf8") =>
    new Bytes(typeof value === "string" ? encoders[encoding](value) : value),
  concat: (parts: readonly Uint8Array[]) => new Bytes(parts.flatMap((part) => [...part])),
  alloc: (length: number, fill = 0) => new Bytes(length).fill(fill),
};

const encoders: Readonly<Record<Encoding, (text: string) => ArrayLike<number>>> = {
  utf8: encodeUtf8,
  latin1: (text) => Array.from(text, (character) => character.charCodeAt(0) & 0xff),
  hex: (text) => (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
  base64: fromBase64,
};

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => BASE64[(group >>> shift) & 63] ?? "").join("");
    text += digits.slice(0, Math.min(4, bytes.length - at + 1)).padEnd(4, "=");
  }
  return text;
}

function fromBase64(text: string): number[] {
  const digits = Array.from(text.replace(/=+$/, ""), (digit) => BASE64.indexOf(digit));
  const bytes: number[] = [];
  let [bits, group] = [0, 0];
  for (const digit of digits) {
    group = ((group << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((group >>> bits) & 0xff);
  }
  return bytes;
}

const ignore = (): void => {};

async function soon(callback: () => void): Promise<void> {
  await Promise.resolve();
  callback();
}

/** The loop that timers wait in. */
export const loop = EventLoop.start();

Object.assign(globalThis, {
  Buffer: buffer,
  queueMicrotask: soon,
  setTimeout: (callback: () => void, delayMs = 0) => loop.after(delayMs, callback),
  clearTimeout: (cancel?: () => void) => cancel?.(),
  setImmediate: (callback: () => void) => loop.after(0, callback),
  process: { env: {}, argv: [], nextTick: soon, on: ignore, off: ignore },
  console: { log: ignore, warn: ignore, error: ignore },
});
