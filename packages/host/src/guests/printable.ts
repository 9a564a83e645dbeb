import { decodeUtf8 } from "@nova-agent/xenstore";
import { GUEST_TEXT_MAX_CHARACTERS } from "./limits.ts";

/** What a guest wrote, for people to look at: printable alone, in one line, and not too long. */
export function printable(value: Uint8Array | string): string {
  const text = typeof value === "string" ? value : (decodeUtf8(value) ?? "(not text)");
  // Also what would turn the direction of the text, or hide in it.
  const clean = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  const characters = Array.from(clean);
  if (characters.length <= GUEST_TEXT_MAX_CHARACTERS) return clean;
  return `${characters.slice(0, GUEST_TEXT_MAX_CHARACTERS).join("")}…`;
}
