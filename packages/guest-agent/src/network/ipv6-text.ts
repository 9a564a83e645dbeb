/** Text of IPv6 addresses: RFC 4291, section 2.2, when reading; RFC 5952 when writing. */

const GROUPS = 8;

/** The 16 bytes that a text names, or undefined when it is no IPv6 address. */
export function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = "", tail] = halves;
  const front = parseGroups(head, tail === undefined);
  const back = tail === undefined ? [] : parseGroups(tail, true);
  if (front === undefined || back === undefined) return undefined;
  const missing = GROUPS - front.length - back.length;
  // "::" stands for at least one group of zeros (RFC 4291, section 2.2).
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** The canonical text of 16 bytes: lower case, the longest run of zeros as `::` (RFC 5952, section 4). */
export function formatIpv6(bytes: readonly number[]): string {
  const groups = Array.from(
    { length: GROUPS },
    (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0),
  );
  // RFC 5952, section 5: an address known to hold an IPv4 one shows it.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.slice(12).join(".")}`;
  }
  const run = longestZeroRun(groups);
  if (run.length < 2) return joinGroups(groups);
  return `${joinGroups(groups.slice(0, run.start))}::${joinGroups(groups.slice(run.start + run.length))}`;
}

function joinGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** Groups of 16 bits in one half of the text; its last two may be written as an IPv4 address. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = mayEndInIpv4 && index === parts.length - 1 ? parseEmbeddedIpv4(part) : undefined;
    if (embedded) groups.push(...embedded);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseEmbeddedIpv4(text: string): [number, number] | undefined {
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  const [a = 256, b = 256, c = 256, d = 256] = match?.slice(1).map(Number) ?? [];
  return Math.max(a, b, c, d) < 256 ? [(a << 8) | b, (c << 8) | d] : undefined;
}

/** The longest run of zero groups, the first of several. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
