/**
 * Shell patterns in the last part of a path, as glob(7) has them: `*`, `?` and `[…]`, none of which
 * matches a dot at the beginning.
 */

/** Whether the last part of a path is a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[][^/]*$/.test(path);
}

/** What a whole path that fits the pattern looks like. */
export function globPattern(glob: string): RegExp {
  const at = glob.lastIndexOf("/") + 1;
  const name = glob.slice(at);
  const hidden = name.startsWith(".") ? "" : "(?!\\.)";
  const parts = name.match(/\[!?\]?[^\]]*\]|[^]/g) ?? [];
  return new RegExp(`^${escapeText(glob.slice(0, at))}${hidden}${parts.map(partPattern).join("")}$`);
}

function partPattern(part: string): string {
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  if (!/^\[.+\]$/s.test(part)) return escapeText(part);
  const members = part.slice(1, -1).replace(/^!/, "^");
  return `[${members.replaceAll(/[\\[\]]/g, "\\$&")}]`;
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.|+*?(){}[\]]/g, "\\$&");
}
