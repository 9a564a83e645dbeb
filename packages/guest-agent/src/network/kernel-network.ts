import { type Family, type IpAddress, networkOf, type Prefix, prefixText } from "./address.ts";
import type { WantedInterface } from "./wanted-network.ts";

/** One network device as the kernel has it. */
export interface KernelLink {
  readonly name: string;
  /** Administratively up; whether there is a carrier is another matter. */
  readonly isUp: boolean;
  readonly mtuBytes: number;
  /** Of global scope: link-local addresses come and go by themselves. */
  readonly addresses: readonly KernelAddress[];
  /** Of a narrower scope, which count only where they are wanted. */
  readonly localAddresses?: readonly KernelAddress[];
}

/** An address on a link. One that another host was found to have (RFC 4862, 5.4.5) is not among them. */
export interface KernelAddress extends Prefix {
  /** Has a lifetime: from DHCP or a router's announcement. */
  readonly isDynamic: boolean;
  /** The kernel still looks for another host that has it (RFC 4862, 5.4). */
  readonly isTentative?: boolean;
}

/** A route of the main table. */
export interface KernelRoute {
  readonly linkName: string;
  readonly destination: Prefix;
  /** Undefined for what is reached directly. */
  readonly gateway: IpAddress | undefined;
  /** From a router's announcement. */
  readonly isAnnounced: boolean;
  /** Of routes to one destination the lowest counts; undefined where it is not told. */
  readonly metric?: number;
}

/** The kernel's addresses and routes at one moment. */
export interface KernelNetwork {
  readonly links: ReadonlyMap<string, KernelLink>;
  readonly routes: readonly KernelRoute[];
  /** Whether the kernel was told to do without IPv6, so that nothing of it can be there. */
  readonly lacksIpv6?: boolean;
}

/**
 * What of one interface is not in the kernel as the host wants it, in words for people; empty when all
 * is so. Name servers are not the kernel's.
 *
 * Beside what is wanted there may be more: addresses of a cluster's programs and the routes of routing
 * daemons come back as soon as they are taken away. What DHCP or a router brought, and a default route
 * that is not wanted, must not be there.
 */
export function describeDifferences(whole: WantedInterface, kernel: KernelNetwork): readonly string[] {
  const wanted = kernel.lacksIpv6 === true ? withoutIpv6(whole) : whole;
  const link = kernel.links.get(wanted.name);
  if (link === undefined) return [`${wanted.name} is not there`];
  return [
    ...(link.isUp ? [] : [`${wanted.name} is down`]),
    ...(wanted.mtuBytes === undefined || wanted.mtuBytes === link.mtuBytes
      ? []
      : [`${wanted.name} has an MTU of ${link.mtuBytes} in place of ${wanted.mtuBytes}`]),
    ...addressDifferences(wanted, link),
    ...routeDifferences(wanted, kernel),
    ...rankDifferences(wanted, kernel),
  ];
}

/** An address that somebody has given a wanted interface, and neither the host nor a server or router. */
export interface ForeignAddress {
  readonly linkName: string;
  /** `192.0.2.99/24` */
  readonly address: string;
}

/**
 * Addresses of the wanted interfaces that stay although the host does not want them. They may be a
 * cluster's, which nobody can tell from those that somebody has set by hand.
 */
export function foreignAddresses(
  interfaces: readonly WantedInterface[],
  kernel: KernelNetwork,
): readonly ForeignAddress[] {
  return interfaces.flatMap(({ name, addresses }) => {
    const isWanted = new Set(addresses.map(prefixText));
    const statics = (kernel.links.get(name)?.addresses ?? []).filter(({ isDynamic }) => !isDynamic);
    return statics
      .map(prefixText)
      .flatMap((address) => (isWanted.has(address) ? [] : [{ linkName: name, address }]));
  });
}

function withoutIpv6(wanted: WantedInterface): WantedInterface {
  return {
    ...wanted,
    addresses: wanted.addresses.filter(({ address }) => address.family === 4),
    routes: wanted.routes.filter(({ gateway }) => gateway.family === 4),
  };
}

function addressDifferences(wanted: WantedInterface, link: KernelLink): string[] {
  const isWanted = new Set(wanted.addresses.map(prefixText));
  const isThere = new Set([...link.addresses, ...(link.localAddresses ?? [])].map(prefixText));
  // Where the host wants no IPv6, what a router announces is none of its business.
  const counts = ({ family }: IpAddress) => family === 4 || hasFamily(wanted, family);
  const extra = link.addresses.filter((each) => each.isDynamic && counts(each.address));
  return [
    ...[...isWanted].filter((text) => !isThere.has(text)).map((text) => `${wanted.name} lacks ${text}`),
    ...extra
      .map(prefixText)
      .filter((text) => !isWanted.has(text))
      .map((text) => `${wanted.name} has ${text}, which is not wanted`),
  ];
}

function routeDifferences(wanted: WantedInterface, kernel: KernelNetwork): string[] {
  const own = kernel.routes.filter((route) => route.linkName === wanted.name && route.gateway !== undefined);
  const isThere = new Set(own.map(routeText));
  const isWanted = new Set(wanted.routes.map(routeText));
  const extra = own.filter(
    ({ destination, isAnnounced }) =>
      destination.prefixLength === 0 && !isAnnounced && hasFamily(wanted, destination.address.family),
  );
  return [
    ...[...isWanted]
      .filter((text) => !isThere.has(text))
      .map((text) => `${wanted.name} lacks the route ${text}`),
    ...extra
      .map(routeText)
      .filter((text) => !isWanted.has(text))
      .map((text) => `${wanted.name} has the route ${text}, which is not wanted`),
  ];
}

/** Default routes that come before one that should, as far as both are there. */
function rankDifferences(wanted: WantedInterface, kernel: KernelNetwork): string[] {
  return wanted.routes.flatMap(({ gateway: { family }, winsOver = [], givesWayTo }) => {
    const spares = givesWayTo === undefined ? winsOver : [wanted.name];
    const winner = givesWayTo ?? wanted.name;
    const best = metricOf({ name: winner, family }, kernel);
    return spares
      .filter((spare) => best >= metricOf({ name: spare, family }, kernel))
      .map((spare) => `the IPv${family} default route of ${spare} comes before the one of ${winner}`);
  });
}

interface DefaultOf {
  readonly name: string;
  readonly family: Family;
}

/** The best metric of a link's default routes; NaN, which compares with nothing, where there is none. */
function metricOf({ name, family }: DefaultOf, { routes }: KernelNetwork): number {
  const own = routes.filter(
    ({ linkName, destination, gateway, isAnnounced }) =>
      linkName === name &&
      destination.prefixLength === 0 &&
      destination.address.family === family &&
      gateway !== undefined &&
      !isAnnounced,
  );
  const metrics = own.flatMap(({ metric }) => (metric === undefined ? [] : [metric]));
  return metrics.length === 0 ? Number.NaN : Math.min(...metrics);
}

function hasFamily(wanted: WantedInterface, family: Family): boolean {
  return wanted.addresses.some(({ address }) => address.family === family);
}

function routeText(route: { readonly destination: Prefix; readonly gateway: IpAddress | undefined }): string {
  const { destination, gateway } = route;
  const network = prefixText({ address: networkOf(destination), prefixLength: destination.prefixLength });
  return `${destination.prefixLength === 0 ? "default" : network} via ${gateway?.text ?? "nothing"}`;
}
