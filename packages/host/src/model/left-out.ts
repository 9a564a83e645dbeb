const LEFT_OUT = /left out, because no interface.* has the MAC address: (?<names>.*)/is;
const MAC = /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi;

/**
 * The MAC addresses, in lower case, for which the guest had no network card, by the words of nova-agent's
 * answer to `resetnetwork`: it does the others and says so with code `0`.
 */
export function leftOutMacs(words: string): ReadonlySet<string> {
  const names = LEFT_OUT.exec(words)?.groups?.["names"] ?? "";
  return new Set((names.match(MAC) ?? []).map((mac) => mac.toLowerCase()));
}
