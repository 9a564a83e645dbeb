/** What would steer a terminal, or turn the direction of a text around; line ends and tabs stay. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Colours and positions as terminals take them (ECMA-48, "CSI", and "OSC" up to its end). */
// oxlint-disable-next-line no-control-regex -- these are the characters that begin them
const ESCAPES = /\u001B(?:\[[\d;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\^_])/gu;

/** A text of a guest as it can be shown: without what steers terminals, and from its end where it is long. */
export function showable(text: string, maxCharacters: number): string {
  const plain = text.replaceAll(ESCAPES, "").replaceAll("\r\n", "\n").replaceAll(UNPRINTABLE, "\u{FFFD}");
  return plain.length <= maxCharacters ? plain : `… ${plain.slice(-maxCharacters)}`;
}
