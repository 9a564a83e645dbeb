import { randomInt } from "node:crypto";
import { Secret } from "@nova-agent/host";
import { GENERATED_PASSWORD_CHARACTERS } from "./limits.ts";

/** What is read off a screen without a doubt (nova, utils.py, DEFAULT_PASSWORD_SYMBOLS). */
const SYMBOLS = ["23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz"] as const;

/** A password with a character of each kind at least. */
export function generatePassword(): Secret {
  const all = SYMBOLS.join("");
  const kinds = Array.from({ length: GENERATED_PASSWORD_CHARACTERS }, (_, index) => SYMBOLS[index] ?? all);
  const characters = kinds.map((kind) => kind.charAt(randomInt(kind.length)));
  return new Secret(new TextEncoder().encode(shuffle(characters).join("")));
}

/** The text of a password, for the one who is told it. */
export function revealText(secret: Secret): string {
  return new TextDecoder().decode(secret.reveal());
}

function shuffle(characters: readonly string[]): readonly string[] {
  const shuffled: string[] = [];
  for (const character of characters) shuffled.splice(randomInt(shuffled.length + 1), 0, character);
  return shuffled;
}
