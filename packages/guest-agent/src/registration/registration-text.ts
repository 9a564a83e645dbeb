import { REGISTRATION_TEXT_MAX } from "./limits.ts";

/**
 * Whether a name or key can be a word of the programs that register: not empty, printable, at most
 * 255 characters, and not beginning with `-`, which would make it an option.
 */
export function isRegistrationText(text: string): boolean {
  return (
    /^[^\p{C}\p{Z}-](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u.test(text) &&
    text.length <= REGISTRATION_TEXT_MAX
  );
}
