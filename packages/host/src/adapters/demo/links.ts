import type { DemoVif } from "./guest-files.ts";
import type { Argv } from "./program.ts";

/**
 * The commands that give the guest its network cards: one end of a veth pair each, with the card's MAC
 * address. The other end (`vif1.0`, as a backend domain would name it) stays in the guest's network
 * namespace and is up, so that the card has a carrier.
 */
export function planLinks(vifs: readonly DemoVif[], domid: number): Argv[] {
  return [["ip", "link", "set", "lo", "up"], ...vifs.flatMap((vif) => planLink(vif, domid))];
}

/** The same for one card. */
export function planLink({ interfaceName, index, mac }: DemoVif, domid: number): Argv[] {
  const backend = `vif${domid}.${index}`;
  const pair = ["type", "veth", "peer", "name", backend];
  return [
    ["ip", "link", "add", interfaceName, "address", mac.toLowerCase(), ...pair],
    ["ip", "link", "set", backend, "addrgenmode", "none", "up"],
  ];
}

/** The commands that take one out; its other end goes with it. */
export function planUnlink({ interfaceName }: DemoVif): Argv[] {
  return [["ip", "link", "del", interfaceName]];
}
