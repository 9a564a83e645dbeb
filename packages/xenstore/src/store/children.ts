import { decodeLatin1, encodeLatin1 } from "../wire/text.ts";
import { type HashTrie, trieForEach, trieGet, trieWith, trieWithout } from "./hash-trie.ts";
import type { StoreNode } from "./node.ts";

/** Up to how many children a list is scanned; beyond, a hash trie finds them. */
const SMALL_CHILDREN_MAX = 32;

/** With how few children a trie becomes a list again. */
const LARGE_CHILDREN_MIN = 16;

/**
 * The children of a node: immutable, and in the order of their creation, which is the order in which
 * DIRECTORY lists them; one that is removed and made again goes last, as in C xenstored.
 */
export interface Children {
  readonly size: number;
  /** Bytes of all names with their nuls: what the child list adds to a node's size. */
  readonly nameBytes: number;
  /** How many nodes of guests the subtrees hold. */
  readonly guestNodes: number;
  get(name: string): StoreNode | undefined;
  /** With this child, in the place of the one of that name or else last. */
  with(name: string, node: StoreNode): Children;
  /** Without this child. */
  without(name: string): Children;
  /** Names in the order of creation. */
  names(): readonly string[];
}

class SmallChildren implements Children {
  readonly nameBytes: number;
  readonly guestNodes: number;
  readonly #names: readonly string[];
  readonly #nodes: readonly StoreNode[];

  constructor(names: readonly string[], nodes: readonly StoreNode[], totals: Totals) {
    this.#names = names;
    this.#nodes = nodes;
    this.nameBytes = totals.nameBytes;
    this.guestNodes = totals.guestNodes;
  }

  get size(): number {
    return this.#names.length;
  }

  get(name: string): StoreNode | undefined {
    const at = this.#names.indexOf(name);
    return at < 0 ? undefined : this.#nodes[at];
  }

  with(name: string, node: StoreNode): Children {
    const at = this.#names.indexOf(name);
    const totals = totalsWith(this, { name, before: this.#nodes[at], after: node });
    if (at >= 0) return new SmallChildren(this.#names, this.#nodes.with(at, node), totals);
    const names = [...this.#names, ownText(name)];
    const nodes = [...this.#nodes, node];
    return names.length > SMALL_CHILDREN_MAX
      ? growChildren(names, nodes)
      : new SmallChildren(names, nodes, totals);
  }

  without(name: string): Children {
    const at = this.#names.indexOf(name);
    if (at < 0) return this;
    const totals = totalsWith(this, { name, before: this.#nodes[at], after: undefined });
    return new SmallChildren(this.#names.toSpliced(at, 1), this.#nodes.toSpliced(at, 1), totals);
  }

  names(): readonly string[] {
    return this.#names;
  }
}

/** A child of a large directory, with its place in the order of creation. */
interface Entry {
  readonly name: string;
  readonly serial: number;
  readonly node: StoreNode;
}

class LargeChildren implements Children {
  readonly size: number;
  readonly nameBytes: number;
  readonly guestNodes: number;
  readonly #trie: HashTrie<Entry> | undefined;
  readonly #nextSerial: number;
  /** The sorted names, made when first asked for; a child's change keeps them. */
  #names: readonly string[] | undefined;

  constructor(trie: HashTrie<Entry> | undefined, nextSerial: number, totals: Totals & { size: number }) {
    this.#trie = trie;
    this.#nextSerial = nextSerial;
    this.size = totals.size;
    this.nameBytes = totals.nameBytes;
    this.guestNodes = totals.guestNodes;
  }

  get(name: string): StoreNode | undefined {
    return trieGet(this.#trie, name)?.node;
  }

  with(name: string, node: StoreNode): Children {
    const old = trieGet(this.#trie, name);
    const entry = { name: old?.name ?? ownText(name), serial: old?.serial ?? this.#nextSerial, node };
    const totals = totalsWith(this, { name, before: old?.node, after: node });
    const children = new LargeChildren(trieWith(this.#trie, entry.name, entry), this.#nextSerial + 1, {
      ...totals,
      size: old === undefined ? this.size + 1 : this.size,
    });
    if (old !== undefined) children.#names = this.#names;
    return children;
  }

  without(name: string): Children {
    const old = trieGet(this.#trie, name);
    if (old === undefined || this.#trie === undefined) return this;
    const totals = totalsWith(this, { name, before: old.node, after: undefined });
    const trie = trieWithout(this.#trie, name);
    const children = new LargeChildren(trie, this.#nextSerial, { ...totals, size: this.size - 1 });
    return children.size < LARGE_CHILDREN_MIN ? children.#shrink() : children;
  }

  names(): readonly string[] {
    this.#names ??= this.#entries().map((entry) => entry.name);
    return this.#names;
  }

  #entries(): Entry[] {
    const entries: Entry[] = [];
    trieForEach(this.#trie, (entry) => entries.push(entry));
    return entries.toSorted((one, other) => one.serial - other.serial);
  }

  #shrink(): Children {
    const entries = this.#entries();
    const names = entries.map((entry) => entry.name);
    return new SmallChildren(
      names,
      entries.map((entry) => entry.node),
      this,
    );
  }
}

function growChildren(names: readonly string[], nodes: readonly StoreNode[]): Children {
  let children: Children = new LargeChildren(undefined, 0, { nameBytes: 0, guestNodes: 0, size: 0 });
  for (const [index, node] of nodes.entries()) children = children.with(names[index] ?? "", node);
  return children;
}

interface Totals {
  readonly nameBytes: number;
  readonly guestNodes: number;
}

interface ChildChange {
  readonly name: string;
  readonly before: StoreNode | undefined;
  readonly after: StoreNode | undefined;
}

function totalsWith(totals: Totals, { name, before, after }: ChildChange): Totals {
  const listed = (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  return {
    nameBytes: totals.nameBytes + listed * (name.length + 1),
    guestNodes: totals.guestNodes + (after?.guestNodes ?? 0) - (before?.guestNodes ?? 0),
  };
}

/** A copy with bytes of its own: a name cut from a path would keep the whole path in memory. */
function ownText(name: string): string {
  return decodeLatin1(encodeLatin1(name));
}

/** No children. */
export const noChildren: Children = new SmallChildren([], [], { nameBytes: 0, guestNodes: 0 });
