import { HostError } from "../errors.ts";

/** An IP address: its bits as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** A block of addresses, from its first one. */
export interface Block extends Address {
  readonly prefixLength: number;
}

const FULL_LENGTH = { 4: 32, 6: 128 } as const;
/** How many addresses are looked at for a free one; a network that has more in use is as good as full. */
const SEARCHED_ADDRESSES_MAX = 65_536n;

/** Reads an address in any of its spellings; undefined for what is none. */
export function parseAddress(text: string): Address | undefined {
  const bits = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return bits === undefined ? undefined : { family: text.includes(":") ? 6 : 4, bits };
}

/** The address in its canonical spelling (RFC 5952). */
export function renderAddress({ family, bits }: Address): string {
  return family === 4 ? renderIpv4(bits) : renderIpv6(bits);
}

/** Reads `address/length`, whose address may be any of the block. Throws BAD_ARGUMENT. */
export function parseBlock(cidr: string): Block {
  const [text = "", length = "", rest] = cidr.split("/");
  const address = parseAddress(text);
  const prefixLength = Number(length);
  const isLength = /^\d{1,3}$/.test(length) && rest === undefined;
  if (address === undefined || !isLength || prefixLength > FULL_LENGTH[address.family]) {
    throw new HostError("BAD_ARGUMENT", `Network ${JSON.stringify(cidr)} is not an address with a length`);
  }
  const hostBits = hostBitsOf(address.family, prefixLength);
  return { family: address.family, bits: (address.bits >> hostBits) << hostBits, prefixLength };
}

/** Whether an address lies in a block. */
export function isInBlock({ family, bits }: Address, block: Block): boolean {
  const hostBits = hostBitsOf(block.family, block.prefixLength);
  return family === block.family && bits >> hostBits === block.bits >> hostBits;
}

/** The block's mask with dots, of IPv4. */
export function netmaskOf({ prefixLength }: Pick<Block, "prefixLength">): string {
  const hostBits = hostBitsOf(4, prefixLength);
  return renderIpv4((0xffff_ffffn >> hostBits) << hostBits);
}

/** The last address of a block: of IPv4, its broadcast address. */
export function lastOf(block: Block): Address {
  const hostBits = hostBitsOf(block.family, block.prefixLength);
  return { family: block.family, bits: block.bits | ((1n << hostBits) - 1n) };
}

/**
 * Whether a host may have it: neither the block's own address nor its broadcast (RFC 1122, 3.2.1.3), nor
 * the routers' anycast address of IPv6 (RFC 4291, 2.6.1). Blocks of one or two addresses have none of
 * these (RFC 3021).
 */
export function isForHosts(address: Address, block: Block): boolean {
  if (!isInBlock(address, block)) return false;
  if (hostBitsOf(block.family, block.prefixLength) < 2n) return true;
  if (address.bits === block.bits) return false;
  return block.family === 6 || address.bits !== lastOf(block).bits;
}

/** The lowest address for hosts that is not used; undefined when there is none. */
export function firstFree(block: Block, used: readonly string[]): string | undefined {
  const taken = new Set(used.map((text) => parseAddress(text)?.bits));
  const last = lastOf(block).bits;
  const searched = block.bits + SEARCHED_ADDRESSES_MAX;
  for (let bits = block.bits; bits <= last && bits < searched; bits += 1n) {
    const address = { family: block.family, bits };
    if (!taken.has(bits) && isForHosts(address, block)) return renderAddress(address);
  }
  return undefined;
}

function hostBitsOf(family: 4 | 6, prefixLength: number): bigint {
  return BigInt(FULL_LENGTH[family] - prefixLength);
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  const hasGap = halves.length === 2;
  if (hasGap ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: hasGap ? missing : 0 }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function renderIpv4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join(".");
}

function renderIpv6(bits: bigint): string {
  const shifts = Array.from({ length: 8 }, (_group, index) => BigInt(112 - 16 * index));
  const groups = shifts.map((shift) => ((bits >> shift) & 0xffffn).toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return groups.join(":");
  const head = groups.slice(0, zeros.start).join(":");
  return `${head}::${groups.slice(zeros.start + zeros.length).join(":")}`;
}

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== "0") start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  });
  return longest;
}
