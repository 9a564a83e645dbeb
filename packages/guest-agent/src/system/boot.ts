import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import { SHORT_PROGRAM_TIMEOUT_MS } from "./limits.ts";
import type { System } from "./system.ts";

/** Exists when systemd is the init system (sd_booted(3)). */
const SYSTEMD_DIRECTORY = "/run/systemd/system";

/** What network services are ordered before, and want: it is reached once they are started (systemd.special(7)). */
const NETWORK_TARGET = "network.target";

/** Whether systemd is the init system. */
export function hasSystemd({ files }: System): boolean {
  try {
    return files.status(SYSTEMD_DIRECTORY)?.kind === "directory";
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

/**
 * Whether the guest is booting and its network services have yet to start, as systemd tells it. What is
 * in their files then needs no program to be applied, and one that calls on them would wait for a
 * service that itself waits for the agent. Without systemd no.
 */
export async function isBeforeNetwork(system: System): Promise<boolean> {
  if (!hasSystemd(system)) return false;
  const state = await askSystemctl(["is-system-running"], system);
  if (state !== "initializing" && state !== "starting") return false;
  return (await askSystemctl(["is-active", NETWORK_TARGET], system)) !== "active";
}

/** The word that systemctl(1) answers, whatever its status; empty when it does not. */
async function askSystemctl(args: readonly string[], system: System): Promise<string> {
  try {
    const argv = ["systemctl", ...args] as const;
    const { stdout } = await system.run({ argv, timeoutMs: SHORT_PROGRAM_TIMEOUT_MS });
    return decodeLatin1(stdout).trim();
  } catch (error) {
    if (error instanceof SystemError) return "";
    throw error;
  }
}
