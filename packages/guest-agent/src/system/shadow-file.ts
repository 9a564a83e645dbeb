/** A password as shadow(5) keeps it. */
export interface ShadowPassword {
  readonly user: string;
  readonly hash: string;
  /** Days since 1970. */
  readonly today: number;
}

const FIELDS = 9;
const [HASH, LAST_CHANGE, EXPIRY] = [1, 2, 7];

/**
 * The text of `/etc/shadow` in which a user has this password, changed today, and an account that does not
 * expire; all else stays. A user who is not in it is added.
 */
export function withPassword(text: string, { user, hash, today }: ShadowPassword): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${user}:`));
  const old = at < 0 ? [user, "", "", "0", "99999", "7"] : (lines[at] ?? "").split(":");
  const fields = Array.from({ length: Math.max(FIELDS, old.length) }, (_, index) => old[index] ?? "");
  fields[HASH] = hash;
  fields[LAST_CHANGE] = String(today);
  fields[EXPIRY] = "";
  const line = fields.join(":");
  if (at >= 0) return lines.with(at, line).join("\n");
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}
