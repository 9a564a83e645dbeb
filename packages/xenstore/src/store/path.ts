/** A place in the store: canonical text, and the names on the way from the root. */
export interface XsPath {
  readonly text: string;
  readonly names: readonly string[];
}

/** Where a watch looks. */
export interface WatchPath extends XsPath {
  /** How many characters of the text the watcher did not write: the prefix of a relative path. */
  readonly prefixLength: number;
  /** Whether it names an event of the store, such as `@introduceDomain`, and no node. */
  readonly isSpecial: boolean;
}

/** The node where a domain's relative paths begin (xenstore.txt, "GET_DOMAIN_PATH"). */
export function domainPath(domid: number): string {
  return `/local/domain/${domid}`;
}

/**
 * The node that `text` names for a domain, or undefined when it is no path (xenstore.txt, "PATHS"):
 * letters, digits and `-/_@`; no empty name; not over `maxBytes`, a leading domain path not counted.
 */
export function parsePath(text: string, domid: number, maxBytes: number): XsPath | undefined {
  const absolute = text.startsWith("/") ? text : `${domainPath(domid)}/${text}`;
  if (text.startsWith("@") || !isPath(absolute)) return undefined;
  if (maxBytes !== 0 && absolute.length > maxBytes && isTooLong(absolute, maxBytes)) return undefined;
  return { text: absolute, names: absolute === "/" ? [] : absolute.slice(1).split("/") };
}

/** The same for a watch, which may also name an event. */
export function parseWatchPath(text: string, domid: number, maxBytes: number): WatchPath | undefined {
  if (isSpecialPath(text)) {
    return isPath(`/${text}`) && (maxBytes === 0 || text.length <= maxBytes)
      ? { text, names: [], prefixLength: 0, isSpecial: true }
      : undefined;
  }
  const path = parsePath(text, domid, maxBytes);
  return path === undefined
    ? undefined
    : { ...path, prefixLength: path.text.length - text.length, isSpecial: false };
}

/** Whether a text names an event of the store instead of a node. */
export function isSpecialPath(text: string): boolean {
  return text.startsWith("@");
}

const allowed = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_@") {
  allowed[character.charCodeAt(0)] = 1;
}
const SLASH = 0x2f;

/** Whether an absolute path has only allowed characters, no empty name and no slash at the end. */
function isPath(text: string): boolean {
  let last = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (allowed[code] !== 1 || (code === SLASH && last === SLASH)) return false;
    last = code;
  }
  return last !== SLASH || text.length === 1;
}

function isTooLong(text: string, maxBytes: number): boolean {
  const prefix = /^\/local\/domain\/\d+\//.exec(text)?.[0] ?? "";
  return text.length - prefix.length > maxBytes;
}
