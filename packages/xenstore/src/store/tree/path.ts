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
  const first = text.charCodeAt(0);
  if (first === AT) return undefined;
  const absolute = first === SLASH ? text : `${domainPath(domid)}/${text}`;
  const names = splitPath(absolute);
  if (names === undefined || (absolute.length > maxBytes && isTooLong(absolute, maxBytes))) return undefined;
  return { text: absolute, names };
}

/** The same for a watch, which may also name an event. */
export function parseWatchPath(text: string, domid: number, maxBytes: number): WatchPath | undefined {
  if (isSpecialPath(text)) {
    return splitPath(`/${text}`) !== undefined && (maxBytes === 0 || text.length <= maxBytes)
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
const AT = 0x40;

/**
 * The names of an absolute path, or undefined when it has a character that is not allowed, an empty name
 * or a slash at the end.
 */
function splitPath(text: string): string[] | undefined {
  const names: string[] = [];
  if (text.length === 1) return names;
  let start = 1;
  for (let index = 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (allowed[code] !== 1) return undefined;
    if (code !== SLASH) continue;
    if (index === start) return undefined;
    names.push(text.slice(start, index));
    start = index + 1;
  }
  if (start === text.length) return undefined;
  names.push(text.slice(start));
  return names;
}

function isTooLong(text: string, maxBytes: number): boolean {
  if (maxBytes === 0) return false;
  const prefix = /^\/local\/domain\/\d+\//.exec(text)?.[0] ?? "";
  return text.length - prefix.length > maxBytes;
}
