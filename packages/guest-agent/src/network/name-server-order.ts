import { type IpAddress, parseAddress } from "./address.ts";
import type { WantedInterface, WantedNetwork } from "./wanted-network.ts";

/**
 * The wanted network with its name servers in the order in which the guest's files have them: hosts
 * keep a set, which comes in another order every time, and no order of it is a reason to interrupt an
 * interface. What the files do not have stands behind, as the host has it.
 */
export function keepNameServerOrder(
  wanted: WantedNetwork,
  files: ReadonlyMap<string, string>,
): WantedNetwork {
  const names = wanted.interfaces.map(({ name }) => name);
  const lists = [...files].flatMap(([path, text]) => listsIn(path, { text, names }));
  return {
    ...wanted,
    interfaces: wanted.interfaces.map((each) => ({ ...each, dns: inPresentOrder(each, lists) })),
  };
}

/** Addresses that stand one after the other, in whatever format. */
interface AddressList {
  /** The interface that was mentioned last before them; undefined when none was. */
  readonly owner: string | undefined;
  readonly addresses: readonly string[];
}

function inPresentOrder({ name, dns }: WantedInterface, lists: readonly AddressList[]): IpAddress[] {
  const wanted = new Set(dns.map(({ text }) => text));
  const count = ({ addresses }: AddressList) => addresses.filter((text) => wanted.has(text)).length;
  // An interface's own list before that of all interfaces, and both before another one's, to which
  // managers may give name servers that this one has no address for.
  const rank = ({ owner }: AddressList) => (owner === name ? 0 : owner === undefined ? 1 : 2);
  const order = lists
    .filter((list) => count(list) > 0)
    .toSorted((a, b) => rank(a) - rank(b) || count(b) - count(a))
    .flatMap(({ addresses }) => addresses);
  const place = ({ text }: IpAddress) => (order.includes(text) ? order.indexOf(text) : order.length);
  return dns.toSorted((a, b) => place(a) - place(b));
}

interface NamedText {
  readonly text: string;
  readonly names: readonly string[];
}

/** The lists of a file: on one line, or on lines that are alike but for their addresses and numbers. */
function listsIn(path: string, { text, names }: NamedText): AddressList[] {
  const lists: { readonly owner: string | undefined; readonly addresses: string[] }[] = [];
  let owner = lastNamed(path, names);
  let shapeBefore: string | undefined;
  for (const line of text.split("\n")) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    owner = lastNamed(line, names) ?? owner;
    const addresses = addressesIn(line);
    const shape = line.replaceAll(addressLike, "").replaceAll(/\d/g, "");
    if (addresses.length > 0 && shape === shapeBefore) lists.at(-1)?.addresses.push(...addresses);
    else if (addresses.length > 0) lists.push({ owner, addresses });
    shapeBefore = addresses.length > 0 ? shape : undefined;
  }
  return lists;
}

/** Words that may be addresses, without a prefix length behind them. */
const addressLike = /(?<![\w.:])[\da-f]*[.:][\da-f.:]+(?![\w./])/gi;

function addressesIn(line: string): string[] {
  return (line.match(addressLike) ?? []).flatMap((word) => parseAddress(word)?.text ?? []);
}

/** The last interface that a text mentions, on its own or as a part of a variable's name. */
function lastNamed(text: string, names: readonly string[]): string | undefined {
  const found = text.split(/[^A-Za-z0-9.-]+/).flatMap((word) => namedBy(word, names));
  return found.at(-1);
}

function namedBy(word: string, names: readonly string[]): string[] {
  const parts = new Set([word, ...word.split(/[.-]/)]);
  return names.filter((name) => parts.has(name));
}
