import { spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
import { attempt } from "../../system/system-error.ts";
import type { InterfaceAddress } from "../../system/system.ts";
import type { Environment } from "./programs.ts";

/**
 * Watches through ip-monitor(8), for Node has no netlink. Where there is no `ip`, or it ends, nothing is
 * told any more: who watches looks by itself now and then.
 */
export function watchNetwork(onChange: () => void, env: Environment): () => void {
  const argv = ["monitor", "link", "address"];
  const child = spawn("ip", argv, { env, cwd: "/", stdio: ["ignore", "pipe", "ignore"] });
  child.on("error", () => {});
  child.stdout.on("error", () => {});
  child.stdout.on("data", onChange);
  return () => {
    child.stdout.off("data", onChange);
    child.stdout.destroy();
    child.kill("SIGKILL");
  };
}

/** As getifaddrs(3) tells them; it does not tell which are still being checked for duplicates. */
export function networkAddresses(): readonly InterfaceAddress[] {
  const interfaces = attempt("Cannot list the network's addresses", networkInterfaces);
  return Object.entries(interfaces).flatMap(([interfaceName, addresses = []]) =>
    addresses.map(({ address }) => ({ interfaceName, address })),
  );
}
