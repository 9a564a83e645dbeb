/**
 * UTF-8 for engines that have no TextEncoder. XenStore's paths and numbers are ASCII; values are
 * bytes, and text only by agreement of the two sides.
 */

/** UTF-8 bytes of `text`; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return encodeWideUtf8(text);
    bytes[index] = unit;
  }
  return bytes;
}

function encodeWideUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd;
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (scalar < 0x80) {
      bytes[length++] = scalar;
    } else if (scalar < 0x800) {
      bytes[length++] = 0xc0 | (scalar >> 6);
      bytes[length++] = 0x80 | (scalar & 0x3f);
    } else if (scalar < 0x10000) {
      bytes[length++] = 0xe0 | (scalar >> 12);
      bytes[length++] = 0x80 | ((scalar >> 6) & 0x3f);
      bytes[length++] = 0x80 | (scalar & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (scalar >> 18);
      bytes[length++] = 0x80 | ((scalar >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((scalar >> 6) & 0x3f);
      bytes[length++] = 0x80 | (scalar & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/** The text of UTF-8 `bytes`, or undefined when they are not valid UTF-8 (RFC 3629). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let index = 0; index < bytes.length;) {
    const lead = bytes[index] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size === 0 || index + size > bytes.length) return undefined;
    let scalar = size === 1 ? lead : lead & (0x7f >> size);
    for (let more = 1; more < size; more += 1) {
      const next = bytes[index + more] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      scalar = (scalar << 6) | (next & 0x3f);
    }
    const isOverlong = (size === 3 && scalar < 0x800) || (size === 4 && scalar < 0x10000);
    if (isOverlong || scalar > 0x10ffff || (scalar >= 0xd800 && scalar <= 0xdfff)) return undefined;
    text += String.fromCodePoint(scalar);
    index += size;
  }
  return text;
}

/** One character a byte (Latin-1), from `start` up to `end`: for ASCII fields and for showing bytes. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  // In slices: an argument list has a limit in every engine.
  let text = "";
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode.apply(
      undefined,
      bytes.subarray(at, Math.min(at + 4096, end)) as unknown as number[],
    );
  }
  return text;
}

/** The bytes of a text of one character a byte, as `decodeLatin1` gives it. Higher characters are cut off. */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
