import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { KernelNetwork } from "../network/kernel-network.ts";
import { KERNEL_LOOK_TIMEOUT_MS, ROUTES_MAX_BYTES } from "../network/limits.ts";
import { parseAddressShow, parseIpv4Routes, parseIpv6Routes } from "../network/parse-kernel.ts";
import type { Files, ProgramCall, ProgramResult, System } from "./system.ts";

/** Is there unless the kernel was started without IPv6. */
const IPV6_ADDRESSES = "/proc/net/if_inet6";

/**
 * What the running kernel has of addresses and routes, by `ip` (iproute2 or busybox) and procfs.
 * Undefined when it cannot be told: without `ip`, or with more routes than are read.
 */
export async function readKernelNetwork(system: System): Promise<KernelNetwork | undefined> {
  const { files } = system;
  const shown = await runIfThere(
    { argv: ["ip", "address", "show"], timeoutMs: KERNEL_LOOK_TIMEOUT_MS },
    system,
  );
  const links = parseAddressShow(shown?.status === 0 ? decodeLatin1(shown.stdout) : "");
  // Every kernel has a loopback at least.
  if (links.size === 0) return undefined;
  const [ipv4, ipv6] = ["/proc/net/route", "/proc/net/ipv6_route"].map((path) => readRoutes(path, files));
  if (ipv4 === undefined || ipv6 === undefined) return undefined;
  return {
    links,
    routes: [...parseIpv4Routes(ipv4), ...parseIpv6Routes(ipv6)],
    lacksIpv6: files.status(IPV6_ADDRESSES) === undefined,
  };
}

/** Runs a program; undefined when it is not there, hangs, or may not be run. */
export async function runIfThere(call: ProgramCall, system: System): Promise<ProgramResult | undefined> {
  try {
    return await system.run(call);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function readRoutes(path: string, files: Files): string | undefined {
  try {
    return decodeLatin1(files.read(path, ROUTES_MAX_BYTES));
  } catch (error) {
    // A kernel without the family has no such file.
    if (error instanceof SystemError) return error.code === "ENOENT" ? "" : undefined;
    throw error;
  }
}
