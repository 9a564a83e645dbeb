/**
 * A persistent map from text to values: changing it gives a new map that shares all but one path of
 * the old one, so that an old version costs nothing to keep. A hash array mapped trie (P. Bagwell,
 * "Ideal Hash Trees", 2001): 5 bits of the key's hash choose a slot at each level.
 */
export type HashTrie<Value> = Branch<Value> | Leaf<Value>;

/** `slots` holds only the slots in use; bit n of `bitmap` says whether slot n is. */
interface Branch<Value> {
  readonly bitmap: number;
  readonly slots: readonly HashTrie<Value>[];
}

/** Keys of one whole hash, as a chain. */
interface Leaf<Value> {
  readonly bitmap: 0;
  readonly hash: number;
  readonly key: string;
  readonly value: Value;
  readonly next: Leaf<Value> | undefined;
}

const BITS_PER_LEVEL = 5;

/** The value of `key`. */
export function trieGet<Value>(trie: HashTrie<Value> | undefined, key: string): Value | undefined {
  const hash = hashText(key);
  let at = trie;
  for (let shift = 0; at !== undefined && "slots" in at; shift += BITS_PER_LEVEL) {
    const bit = bitOf(hash, shift);
    at = (at.bitmap & bit) === 0 ? undefined : at.slots[slotOf(at.bitmap, bit)];
  }
  for (let leaf = at; leaf !== undefined; leaf = leaf.next) if (leaf.key === key) return leaf.value;
  return undefined;
}

/** The map with `key` set. */
export function trieWith<Value>(
  trie: HashTrie<Value> | undefined,
  key: string,
  value: Value,
): HashTrie<Value> {
  const leaf = { bitmap: 0, hash: hashText(key), key, value, next: undefined } as const;
  return trie === undefined ? leaf : insert(trie, leaf, 0);
}

/** The map without `key`; undefined when nothing is left. */
export function trieWithout<Value>(trie: HashTrie<Value>, key: string): HashTrie<Value> | undefined {
  return remove(trie, { key, hash: hashText(key), shift: 0 });
}

/** Calls `visit` with every value, in no useful order. */
export function trieForEach<Value>(trie: HashTrie<Value> | undefined, visit: (value: Value) => void): void {
  if (trie === undefined) return;
  if ("slots" in trie) for (const slot of trie.slots) trieForEach(slot, visit);
  else for (let leaf: Leaf<Value> | undefined = trie; leaf !== undefined; leaf = leaf.next) visit(leaf.value);
}

function insert<Value>(trie: HashTrie<Value>, leaf: Leaf<Value>, shift: number): HashTrie<Value> {
  if (!("slots" in trie)) return insertBesideLeaf(trie, leaf, shift);
  const bit = bitOf(leaf.hash, shift);
  const slot = slotOf(trie.bitmap, bit);
  const old = trie.slots[slot];
  if ((trie.bitmap & bit) === 0 || old === undefined) {
    return { bitmap: trie.bitmap | bit, slots: trie.slots.toSpliced(slot, 0, leaf) };
  }
  return { bitmap: trie.bitmap, slots: trie.slots.with(slot, insert(old, leaf, shift + BITS_PER_LEVEL)) };
}

function insertBesideLeaf<Value>(old: Leaf<Value>, leaf: Leaf<Value>, shift: number): HashTrie<Value> {
  if (old.hash === leaf.hash) return { ...leaf, next: chainWithout(old, leaf.key) };
  const oldBit = bitOf(old.hash, shift);
  const newBit = bitOf(leaf.hash, shift);
  if (oldBit === newBit) {
    return { bitmap: oldBit, slots: [insertBesideLeaf(old, leaf, shift + BITS_PER_LEVEL)] };
  }
  const slots = slotOf(oldBit, newBit) === 0 ? [leaf, old] : [old, leaf];
  return { bitmap: oldBit | newBit, slots };
}

interface Removal {
  readonly key: string;
  readonly hash: number;
  readonly shift: number;
}

function remove<Value>(trie: HashTrie<Value>, removal: Removal): HashTrie<Value> | undefined {
  if (!("slots" in trie)) return chainWithout(trie, removal.key);
  const bit = bitOf(removal.hash, removal.shift);
  const slot = slotOf(trie.bitmap, bit);
  const old = trie.slots[slot];
  if ((trie.bitmap & bit) === 0 || old === undefined) return trie;
  const rest = remove(old, { ...removal, shift: removal.shift + BITS_PER_LEVEL });
  if (rest === old) return trie;
  if (rest !== undefined) return { bitmap: trie.bitmap, slots: trie.slots.with(slot, rest) };
  if (trie.slots.length === 1) return undefined;
  return { bitmap: trie.bitmap & ~bit, slots: trie.slots.toSpliced(slot, 1) };
}

function chainWithout<Value>(chain: Leaf<Value> | undefined, key: string): Leaf<Value> | undefined {
  if (chain === undefined) return undefined;
  if (chain.key === key) return chain.next;
  const next = chainWithout(chain.next, key);
  return next === chain.next ? chain : { ...chain, next };
}

function bitOf(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & 31);
}

/** How many slots stand before the one of `bit`. */
function slotOf(bitmap: number, bit: number): number {
  let bits = bitmap & (bit - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** FNV-1a, with a last mix because the low bits choose first. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
