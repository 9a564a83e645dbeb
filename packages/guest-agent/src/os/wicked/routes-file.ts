import { contains, parseAddress } from "../../network/address.ts";
import type { WantedNetwork } from "../../network/wanted-network.ts";

/**
 * The file of all interfaces' routes (routes(5)) without those that contradict the wanted ones: of a
 * wanted interface, or of none but by their gateway or as another default route.
 */
export function withoutContradictions(text: string, wanted: WantedNetwork): string {
  const lines = text.split("\n");
  return lines.filter((line) => !contradicts(line, wanted)).join("\n");
}

function contradicts(line: string, { interfaces }: WantedNetwork): boolean {
  const [destination = "", gatewayText = "-", , device = "-"] = line.trim().split(/\s+/);
  if (destination === "" || destination.startsWith("#")) return false;
  if (device !== "-") return interfaces.some(({ name }) => name === device);
  const gateway = parseAddress(gatewayText);
  if (gateway === undefined) return false;
  const isDefault = ["default", "0.0.0.0/0", "::/0", "0.0.0.0"].includes(destination);
  return interfaces.some(
    ({ addresses, routes }) =>
      addresses.some((prefix) => contains(prefix, gateway)) ||
      (isDefault && routes.some((route) => isSameDefault(route.destination, gateway.family))),
  );
}

function isSameDefault(
  { address, prefixLength }: WantedNetwork["interfaces"][number]["routes"][number]["destination"],
  family: 4 | 6,
): boolean {
  return prefixLength === 0 && address.family === family;
}
