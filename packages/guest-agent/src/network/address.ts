import { formatIpv6, parseIpv6 } from "./ipv6-text.ts";

/** Internet protocol version of an address. */
export type Family = 4 | 6;

/** An IP address. Two addresses are the same when their `text` is. */
export interface IpAddress {
  readonly family: Family;
  /** 4 or 16 bytes, most significant first. */
  readonly bytes: readonly number[];
  /** Canonical: four decimal numbers, or RFC 5952's form. */
  readonly text: string;
}

/** Addresses of one family that share their first `prefixLength` bits. */
export interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/**
 * The address that a text names, or undefined when it is none. IPv4 is four decimal numbers without
 * leading zeros, which some programs read as octal; IPv6 as in RFC 4291, section 2.2, without a zone.
 */
export function parseAddress(text: string): IpAddress | undefined {
  const bytes = parseIpv4(text) ?? parseIpv6(text);
  return bytes && addressOf(bytes);
}

/** The address of 4 or 16 bytes. */
export function addressOf(bytes: readonly number[]): IpAddress {
  const isV4 = bytes.length === 4;
  return { family: isV4 ? 4 : 6, bytes, text: isV4 ? bytes.join(".") : formatIpv6(bytes) };
}

/** Bits of an address of this family. */
export function addressBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The prefix's own address: all bits behind its length are zero. */
export function networkOf(prefix: Prefix): IpAddress {
  const { address, prefixLength } = prefix;
  return addressOf(address.bytes.map((byte, index) => byte & maskByte(prefixLength, index)));
}

/** Whether an address lies in a prefix; never in one of the other family. */
export function contains(prefix: Prefix, address: IpAddress): boolean {
  if (prefix.address.family !== address.family) return false;
  return address.bytes.every(
    (byte, index) =>
      ((byte ^ (prefix.address.bytes[index] ?? 0)) & maskByte(prefix.prefixLength, index)) === 0,
  );
}

/** `192.0.2.10/24`. */
export function prefixText(prefix: Prefix): string {
  return `${prefix.address.text}/${prefix.prefixLength}`;
}

/**
 * Length of the prefix that a dotted mask such as 255.255.224.0 stands for, or undefined when the
 * text is no mask or its ones have a gap.
 */
export function parseDottedMask(text: string): number | undefined {
  const bits = parseIpv4(text)
    ?.map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  if (bits === undefined || !/^1*0*$/.test(bits)) return undefined;
  return bits.replaceAll("0", "").length;
}

/** Whether an address is an IPv6 one that means something on its own link only (fe80::/10, RFC 4291). */
export function isLinkLocalIpv6(address: IpAddress): boolean {
  return contains(linkLocalIpv6, address);
}

/** Whether an address may be met in the Internet: in none of the prefixes that are kept private. */
export function isPublic(address: IpAddress): boolean {
  return !privatePrefixes.some((prefix) => contains(prefix, address));
}

/** Whether an address may be an interface's: not unspecified, multicast or limited broadcast (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2, 2.7). */
export function isUnicast(address: IpAddress): boolean {
  return !otherPrefixes.some((prefix) => contains(prefix, address));
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  const isValid =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isValid ? parts.map(Number) : undefined;
}

/** The mask's byte at `index` for a prefix of this length. */
function maskByte(prefixLength: number, index: number): number {
  const bits = Math.min(Math.max(prefixLength - index * 8, 0), 8);
  return (0xff << (8 - bits)) & 0xff;
}

/** A prefix from its first bytes; the rest of the address is zero. */
function prefixOf(family: Family, start: readonly number[], prefixLength: number): Prefix {
  const rest = Array.from({ length: addressBits(family) / 8 - start.length }, () => 0);
  return { address: addressOf([...start, ...rest]), prefixLength };
}

const linkLocalIpv6 = prefixOf(6, [0xfe, 0x80], 10);

// RFC 1918, RFC 6598 (carriers), RFC 3927 (link local), RFC 1122 (loopback), RFC 4193 (unique local).
const privatePrefixes: readonly Prefix[] = [
  prefixOf(4, [10], 8),
  prefixOf(4, [172, 16], 12),
  prefixOf(4, [192, 168], 16),
  prefixOf(4, [100, 64], 10),
  prefixOf(4, [169, 254], 16),
  prefixOf(4, [127], 8),
  prefixOf(6, [0xfc], 7),
  linkLocalIpv6,
];

const otherPrefixes: readonly Prefix[] = [
  prefixOf(4, [], 32),
  prefixOf(4, [224], 4),
  prefixOf(4, [255, 255, 255, 255], 32),
  prefixOf(6, [], 128),
  prefixOf(6, [0xff], 8),
];
