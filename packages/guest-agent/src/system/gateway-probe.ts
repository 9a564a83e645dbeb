import { decodeLatin1 } from "@nova-agent/xenstore";
import { type Gateway, isSameGateway, parseReachable } from "../network/gateway.ts";
import { KERNEL_LOOK_TIMEOUT_MS, PING_TIMEOUT_MS } from "../network/limits.ts";
import { runIfThere } from "./kernel-facts.ts";
import type { System } from "./system.ts";

/**
 * Those of the gateways that answer at this moment: ping(8), or else the question for their hardware
 * address, which a gateway answers also when it lets no ping through. Without a ping program nobody
 * is asked, and so nobody answers.
 */
export async function findAnswering(
  gateways: readonly Gateway[],
  system: System,
): Promise<readonly Gateway[]> {
  const pinged = await Promise.all(gateways.map((gateway) => ping(gateway, system)));
  if (pinged.every((status) => status === 0 || status === undefined)) {
    return gateways.filter((_, index) => pinged[index] === 0);
  }
  const reachable = await readReachable(system);
  return gateways.filter(
    (gateway, index) =>
      pinged[index] === 0 ||
      (pinged[index] !== undefined && reachable.some((each) => isSameGateway(each, gateway))),
  );
}

/** Exit status of ping, undefined when there is none. */
async function ping({ linkName, address }: Gateway, system: System): Promise<number | undefined> {
  // So that the kernel asks anew, and does not go by what it knew.
  const forget = ["ip", "neigh", "flush", "to", address.text, "dev", linkName] as const;
  await runIfThere({ argv: forget, timeoutMs: KERNEL_LOOK_TIMEOUT_MS }, system);
  const rest = ["-c", "1", "-W", "1", "-I", linkName, address.text] as const;
  // Older ones have a program for each family, newer ones one for both.
  const programs: readonly [string, ...string[]][] =
    address.family === 4 ? [["ping"]] : [["ping6"], ["ping", "-6"]];
  for (const program of programs) {
    const result = await runIfThere({ argv: [...program, ...rest], timeoutMs: PING_TIMEOUT_MS }, system);
    if (result !== undefined) return result.status;
  }
  return undefined;
}

async function readReachable(system: System): Promise<readonly Gateway[]> {
  const call = { argv: ["ip", "neigh", "show"], timeoutMs: KERNEL_LOOK_TIMEOUT_MS } as const;
  const result = await runIfThere(call, system);
  return result?.status === 0 ? parseReachable(decodeLatin1(result.stdout)) : [];
}
