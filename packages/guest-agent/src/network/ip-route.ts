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

/** An interface among those of a network. */
export interface RoutePlace {
  readonly name: string;
  readonly interfaces: readonly WantedInterface[];
}

/** Whether another interface, too, has a gateway that is outside its subnets. */
export function isShared(gateway: IpAddress, { name, interfaces }: RoutePlace): boolean {
  return interfaces.some(
    (each) =>
      each.name !== name &&
      each.routes.some((route) => route.isOnLink && route.gateway.text === gateway.text),
  );
}

/**
 * Whether Linux may refuse `onlink` with an IPv6 gateway ("Nexthop has invalid gateway or device
 * mismatch"): where a subnet of another interface has it, or a route that is not a default one leads to
 * it there. What an interface has keeps those from it that share the gateway, and routes of their own to
 * it, which these need then, keep it from the interface.
 */
export function isOnLinkRefused(gateway: IpAddress, place: RoutePlace): boolean {
  const { name, interfaces } = place;
  const those = isShared(gateway, place) ? interfaces : interfaces.filter((each) => each.name !== name);
  const prefixes = those.flatMap(({ addresses, routes }) => [
    ...addresses,
    ...routes.map(({ destination }) => destination),
  ]);
  return prefixes.some((prefix) => prefix.prefixLength > 0 && contains(prefix, gateway));
}
