/** The four numbers of an IPv4 address as one; undefined for what is none. */
function ipv4Number(text: string): number | undefined {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part));
  if (!isAddress) return undefined;
  const numbers = parts.map(Number);
  if (numbers.some((number) => number > 255)) return undefined;
  return numbers.reduce((sum, number) => 256 * sum + number, 0);
}

/** Whether it is written like an IPv6 address; whether it is one is for the service to say. */
function looksLikeIpv6(text: string): boolean {
  return text.includes(":") && /^[0-9a-f:.]{2,45}$/i.test(text);
}

/** What is wrong with an address for one of these blocks, such as "10.0.0.0/8"; undefined when nothing is seen. */
export function addressProblem(text: string, blocks: readonly string[]): string | undefined {
  const ofSameKind = blocks.filter((block) => block.includes(":") === text.includes(":"));
  if (looksLikeIpv6(text)) {
    return blocks.length > 0 && ofSameKind.length === 0 ? "The network has no IPv6" : undefined;
  }
  const number = ipv4Number(text);
  if (number === undefined) return "Not an IP address, such as 10.0.0.5";
  if (ofSameKind.length === 0 || ofSameKind.some((block) => isInside(number, block))) return undefined;
  return `Not in ${ofSameKind.join(" or ")}`;
}

function isInside(address: number, block: string): boolean {
  const [base = "", bits = ""] = block.split("/");
  const first = ipv4Number(base);
  if (first === undefined) return true;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(first / size);
}
