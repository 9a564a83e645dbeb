const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648, 4; padding is not optional, and only line ends and blanks may stand between.
const strictBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The bytes of a base64 text, or undefined when it is none. Line breaks, and blanks at the end of a
 * line, are passed over because encoders add them; any other foreign character is refused.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[ \t]*(?:[\r\n]+|$)/g, "");
  if (!strictBase64.test(digits)) return undefined;
  const padding = digits.endsWith("==") ? 2 : digits.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((digits.length / 4) * 3 - padding);
  let [bits, length] = [0, 0];
  for (let index = 0; index < digits.length - padding; index += 1) {
    bits = (bits << 6) | alphabet.indexOf(digits.charAt(index));
    if (index % 4 > 0) bytes[length++] = bits >> (6 - 2 * (index % 4));
  }
  // Bits left over belong to no byte; some encoder's garbage there would make two texts of one content.
  const spareBits = padding * 2;
  return (bits & ((1 << spareBits) - 1)) === 0 ? bytes : undefined;
}
