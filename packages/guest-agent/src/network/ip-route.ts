import { contains, type IpAddress, prefixText } from "./address.ts";
import type { WantedInterface, WantedRoute } from "./wanted-network.ts";

/**
 * What `ip route add` has to be told for a route (ip-route(8)), but for the interface: one line, or two
 * where the gateway needs a route of its own.
 */
export function ipRouteLines(route: WantedRoute): string[] {
  const { destination, gateway, isOnLink, metric } = route;
  const isDefault4 = destination.prefixLength === 0 && gateway.family === 4;
  const rank = metric === undefined ? "" : ` metric ${metric}`;
  const to = isDefault4 ? "default" : prefixText(destination);
  const toGateway = gatewayDestination(route);
  if (toGateway !== undefined) return [`${toGateway}${rank}`, `${to} via ${gateway.text}${rank}`];
  return [`${to} via ${gateway.text}${isOnLink ? " onlink" : ""}${rank}`];
}

/**
 * Where a route has to lead, with the rank of the one behind it, so that an IPv6 gateway outside every
 * subnet is reached: Linux has `onlink` for IPv6 since 4.16 only, and refuses it where the subnet of
 * another interface has the gateway. Two interfaces may have the same gateway, and their ranks differ.
 */
export function gatewayDestination({ gateway, isOnLink }: WantedRoute): string | undefined {
  return isOnLink && gateway.family === 6 ? `${gateway.text}/128` : undefined;
}

/** Whether a gateway is in the subnet of one of the interfaces. */
export function isInSubnet(gateway: IpAddress, interfaces: readonly WantedInterface[]): boolean {
  return interfaces.some(({ addresses }) => addresses.some((prefix) => contains(prefix, gateway)));
}
