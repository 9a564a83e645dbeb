/**
 * A MAC address as lower-case text with colons, or undefined when the text is none. Hosts write it in
 * either case, with colons, with hyphens, or, as a XenStore key, with nothing in between.
 */
export function parseMac(text: string): string | undefined {
  const digits = text.trim().toLowerCase().replaceAll(/[:-]/g, "");
  return /^[\da-f]{12}$/.test(digits) ? digits.replaceAll(/..(?=.)/g, "$&:") : undefined;
}
