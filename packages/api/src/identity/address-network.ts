import { isIPv6 } from "node:net";

/** Groups of 16 bits that an IPv6 address has, and that of its network, which has 64. */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What stands for whoever is at an address: an IPv4 address itself, and the network of an IPv6 address,
 * because whoever is in one has all its addresses (RFC 6177, section 2; RFC 7421).
 */
export function networkOfAddress(address: string): string {
  // As a socket of both families shows it (RFC 4291, 2.5.5.2).
  const mapped = /^::ffff:(?<plain>\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.groups?.["plain"];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.replace(/%.*$/, "").split("::");
  const [before, behind] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - behind.length) }, () => 0);
  const groups = [...before, ...zeros, ...behind].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => group.toString(16)).join(":")}::/64`;
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
