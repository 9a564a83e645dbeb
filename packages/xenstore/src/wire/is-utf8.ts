import { decodeUtf8 } from "./text.ts";

/** Whether bytes are valid UTF-8; looks at a character at a time, so that no string ever holds a password. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (decodeUtf8(bytes.subarray(at, at + size)) === undefined) return false;
    at += size;
  }
  return true;
}
