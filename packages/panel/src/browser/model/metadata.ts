/** Limits of the Compute API (nova api-ref, "Server metadata"; nova.conf, [quota] metadata_items). */
const KEY_PATTERN = /^[a-zA-Z0-9\-_:. ]+$/u;
const TEXT_MAX_CHARACTERS = 255;
export const METADATA_ITEMS_MAX = 128;

export type Metadata = Readonly<Record<string, string>>;

/** What is wrong with an item that is added or changed; nothing where a field is undefined. */
export interface MetadataFaults {
  readonly key: string | undefined;
  readonly value: string | undefined;
}

/** Looks at an item before it is sent; `former` is its key before, undefined for a new one. */
export function checkItem(
  { key, value }: { readonly key: string; readonly value: string },
  { metadata, former }: { readonly metadata: Metadata; readonly former: string | undefined },
): MetadataFaults {
  return {
    key: former === undefined ? checkKey(key, metadata) : undefined,
    value: value.length > TEXT_MAX_CHARACTERS ? tooLong(value.length) : undefined,
  };
}

export function hasFault({ key, value }: MetadataFaults): boolean {
  return key !== undefined || value !== undefined;
}

/** The items by their keys. */
export function sortItems(metadata: Metadata): readonly (readonly [key: string, value: string])[] {
  return Object.entries(metadata).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** The metadata without an item. */
export function without(metadata: Metadata, key: string): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== key));
}

function checkKey(key: string, metadata: Metadata): string | undefined {
  if (key === "") return "A key is needed";
  if (key !== key.trim()) return "It begins or ends with a space";
  if (key.length > TEXT_MAX_CHARACTERS) return tooLong(key.length);
  if (!KEY_PATTERN.test(key)) return "Letters without accents, digits, spaces and - _ : . are possible";
  if (Object.hasOwn(metadata, key)) return "There is an item of this key: change that one";
  if (Object.keys(metadata).length >= METADATA_ITEMS_MAX) {
    return `There are ${METADATA_ITEMS_MAX} items, and no more are possible: remove one first`;
  }
  return undefined;
}

function tooLong(characters: number): string {
  return `At most ${TEXT_MAX_CHARACTERS} characters are possible: these are ${characters}`;
}
