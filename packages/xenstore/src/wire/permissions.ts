/**
 * One entry of a node's permission list. Of the first entry `domid` is the owner, who may always do
 * everything, and the rights are those of every domain without an entry of its own.
 */
export interface Permission {
  readonly domid: number;
  readonly read: boolean;
  readonly write: boolean;
}

const letters = { n: [false, false], r: [true, false], w: [false, true], b: [true, true] } as const;

/** `{domid: 5, read: true, write: false}` is `r5` (xenstore.txt, "permissions"). */
export function encodePermission(permission: Permission): string {
  const { read, write, domid } = permission;
  return (read ? (write ? "b" : "r") : write ? "w" : "n") + String(domid);
}

/**
 * The entry that a text such as `r5` names, or undefined when it is malformed. The number may be
 * decimal, `0x` hexadecimal or `0` octal, as C's strtol with base 0 reads it, and is at most 65535.
 */
export function parsePermission(text: string): Permission | undefined {
  const rights = Object.entries(letters).find(([letter]) => letter === text[0])?.[1];
  const digits = text.slice(1);
  const domid = /^0[0-7]+$/.test(digits)
    ? Number.parseInt(digits, 8)
    : /^(0|[1-9]\d*|0x[\da-f]+)$/i.test(digits)
      ? Number(digits)
      : Number.NaN;
  if (rights === undefined || !(domid <= 65535)) return undefined;
  return { domid, read: rights[0], write: rights[1] };
}
