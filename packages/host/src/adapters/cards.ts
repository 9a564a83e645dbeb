import type { VifSpec } from "../ports/toolstack.ts";
import { toolstackFailed } from "./toolstack-turns.ts";

/** The card with this MAC address. */
export function findCard(vifs: readonly VifSpec[], mac: string): VifSpec | undefined {
  return vifs.find((vif) => vif.mac.toLowerCase() === mac.toLowerCase());
}

/**
 * Whether a card is to be plugged in: not when this very one is there. Throws TOOLSTACK_FAILED when another
 * one has its number or its address.
 */
export function isNewCard(vifs: readonly VifSpec[], vif: VifSpec): boolean {
  const same = findCard(vifs, vif.mac);
  if (same?.index === vif.index) return false;
  if (same === undefined && vifs.every((other) => other.index !== vif.index)) return true;
  throw toolstackFailed(`The domain has a network card ${vif.index} or ${vif.mac} already`);
}
