import { decodeLatin1, encodeLatin1 } from "../../wire/text.ts";
import { type HashTrie, trieForEach, trieGet, trieWith, trieWithout } from "./hash-trie.ts";

/** Up to how many children a list is scanned; beyond, a hash trie finds them. */
const SMALL_CHILDREN_MAX = 32;

/** With how few children a trie becomes a list again. */
const LARGE_CHILDREN_MIN = 16;

/** What a list of children must know of each. */
export interface Child {
  /** How many nodes of its subtree, itself included, belong to guests. */
  readonly guestNodes: number;
}

/**
 * The children of a node: immutable, and in the order of their creation, which is the order in which
 * DIRECTORY lists them; one that is removed and made again goes last, as in C xenstored.
 */
export interface Children<Node extends Child> {
  /** Bytes of all names with their nuls: what the child list adds to a node's size. */
  readonly nameBytes: number;
  /** How many nodes of guests the subtrees hold. */
  readonly guestNodes: number;
  get(name: string): Node | undefined;
  /** A number that is higher for children made later; -1 when there is no such child. */
  rankOf(name: string): number;
  /** With this child, in the place of the one of that name or else last. */
  with(name: string, node: Node): Children<Node>;
  /** Without this child. */
  without(name: string): Children<Node>;
  /** Names in the order of creation. */
  names(): readonly string[];
}

class SmallChildren<Node extends Child> implements Children<Node> {
  readonly guestNodes: number;
  /** Shared with every version that has the same names. */
  readonly #names: readonly string[];
  readonly #nodes: readonly Node[];

  constructor(names: readonly string[], nodes: readonly Node[], guestNodes: number) {
    this.#names = names;
    this.#nodes = nodes;
    this.guestNodes = guestNodes;
  }

  get nameBytes(): number {
    return this.#names.reduce((sum, name) => sum + name.length + 1, 0);
  }

  get(name: string): Node | undefined {
    return this.#nodes[this.#names.indexOf(name)];
  }

  rankOf(name: string): number {
    return this.#names.indexOf(name);
  }

  with(name: string, node: Node): Children<Node> {
    const at = this.#names.indexOf(name);
    const guestNodes = this.guestNodes + node.guestNodes - (this.#nodes[at]?.guestNodes ?? 0);
    if (at >= 0) return new SmallChildren(this.#names, this.#nodes.with(at, node), guestNodes);
    const names = [...this.#names, ownText(name)];
    const nodes = [...this.#nodes, node];
    return names.length > SMALL_CHILDREN_MAX
      ? growChildren(names, nodes)
      : new SmallChildren(names, nodes, guestNodes);
  }

  without(name: string): Children<Node> {
    const at = this.#names.indexOf(name);
    const old = this.#nodes[at];
    if (old === undefined) return this;
    const guestNodes = this.guestNodes - old.guestNodes;
    return new SmallChildren(this.#names.toSpliced(at, 1), this.#nodes.toSpliced(at, 1), guestNodes);
  }

  names(): readonly string[] {
    return this.#names;
  }
}

/** A child of a large directory, with its place in the order of creation. */
interface Entry<Node> {
  readonly name: string;
  readonly serial: number;
  readonly node: Node;
}

/** The names of a large directory: shared by every version that has the same ones. */
interface Listing {
  readonly size: number;
  readonly nameBytes: number;
  readonly nextSerial: number;
  /** In order; made when first asked for. */
  names: readonly string[] | undefined;
}

class LargeChildren<Node extends Child> implements Children<Node> {
  readonly guestNodes: number;
  readonly #trie: HashTrie<Entry<Node>> | undefined;
  readonly #listing: Listing;

  constructor(trie: HashTrie<Entry<Node>> | undefined, listing: Listing, guestNodes: number) {
    this.#trie = trie;
    this.#listing = listing;
    this.guestNodes = guestNodes;
  }

  get nameBytes(): number {
    return this.#listing.nameBytes;
  }

  get(name: string): Node | undefined {
    return trieGet(this.#trie, name)?.node;
  }

  rankOf(name: string): number {
    return trieGet(this.#trie, name)?.serial ?? -1;
  }

  with(name: string, node: Node): Children<Node> {
    const old = trieGet(this.#trie, name);
    if (old === undefined) return this.#append(ownText(name), node);
    const guestNodes = this.guestNodes + node.guestNodes - old.node.guestNodes;
    const trie = trieWith(this.#trie, old.name, { name: old.name, serial: old.serial, node });
    return new LargeChildren(trie, this.#listing, guestNodes);
  }

  without(name: string): Children<Node> {
    const old = trieGet(this.#trie, name);
    if (old === undefined || this.#trie === undefined) return this;
    const { size, nameBytes, nextSerial } = this.#listing;
    const listing = { size: size - 1, nameBytes: nameBytes - name.length - 1, nextSerial, names: undefined };
    const trie = trieWithout(this.#trie, name);
    const children = new LargeChildren(trie, listing, this.guestNodes - old.node.guestNodes);
    return listing.size < LARGE_CHILDREN_MIN ? children.#shrink() : children;
  }

  names(): readonly string[] {
    this.#listing.names ??= this.#entries().map((entry) => entry.name);
    return this.#listing.names;
  }

  #append(name: string, node: Node): Children<Node> {
    const { size, nameBytes, nextSerial } = this.#listing;
    const listing = {
      size: size + 1,
      nameBytes: nameBytes + name.length + 1,
      nextSerial: nextSerial + 1,
      names: undefined,
    };
    const trie = trieWith(this.#trie, name, { name, serial: nextSerial, node });
    return new LargeChildren(trie, listing, this.guestNodes + node.guestNodes);
  }

  #entries(): Entry<Node>[] {
    const entries: Entry<Node>[] = [];
    trieForEach(this.#trie, (entry) => entries.push(entry));
    return entries.toSorted((one, other) => one.serial - other.serial);
  }

  #shrink(): Children<Node> {
    const entries = this.#entries();
    const names = entries.map((entry) => entry.name);
    const nodes = entries.map((entry) => entry.node);
    return new SmallChildren(names, nodes, this.guestNodes);
  }
}

const noListing: Listing = { size: 0, nameBytes: 0, nextSerial: 0, names: undefined };

function growChildren<Node extends Child>(names: readonly string[], nodes: readonly Node[]): Children<Node> {
  let children: Children<Node> = new LargeChildren(undefined, noListing, 0);
  for (const [index, node] of nodes.entries()) children = children.with(names[index] ?? "", node);
  return children;
}

/** A copy with bytes of its own: a name cut from a path would keep the whole path in memory. */
function ownText(name: string): string {
  return decodeLatin1(encodeLatin1(name));
}

/** No children. */
export const noChildren: Children<never> = new SmallChildren([], [], 0);
