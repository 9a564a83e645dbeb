import { runChecked } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../limits.ts";

/** A network between Dom0 and its guests; Dom0 is the gateway. */
export interface Bridge {
  readonly name: string;
  /** Dom0's own addresses in it, with the length of the prefix. */
  readonly addresses: readonly string[];
}

// Addresses of documentation (RFC 5737, RFC 3849), and a private network as clouds have beside.
export const publicBridge: Bridge = { name: "xenbr0", addresses: ["198.51.100.1/24", "2001:db8:51::1/64"] };
export const privateBridge: Bridge = { name: "xenbr1", addresses: ["10.208.224.1/19"] };

/** Makes the bridge in Dom0. */
export async function makeBridge({ name, addresses }: Bridge): Promise<void> {
  await ip(["link", "add", name, "type", "bridge", "forward_delay", "0"]);
  await ip(["link", "set", name, "up"]);
  for (const address of addresses)
    await ip(["address", "add", address, "dev", name, ...withoutDetection(address)]);
}

/** Nobody else has the address, and detecting that takes a second. */
function withoutDetection(address: string): readonly string[] {
  return address.includes(":") ? ["nodad"] : [];
}

async function ip(args: readonly string[]): Promise<void> {
  await runChecked({ argv: ["ip", ...args], timeoutMs: PROGRAM_TIMEOUT_MS });
}

/** Whether one of a few echo requests from Dom0 is answered. */
export async function pings(address: string): Promise<boolean> {
  const argv = ["ping", "-c", "3", "-i", "0.3", "-W", "2", "-q", address] as const;
  const output = await runChecked({
    argv: ["sh", "-c", '"$@" || true', "sh", ...argv],
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  return / [1-9]\d* packets received/.test(output);
}
