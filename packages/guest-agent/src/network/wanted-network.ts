import { AgentError } from "../errors.ts";
import {
  addressOf,
  contains,
  type Family,
  type IpAddress,
  isLinkLocalIpv6,
  isPublic,
  type Prefix,
  prefixText,
} from "./address.ts";
import type { LinkRoute, WantedLink } from "./wanted-link.ts";

/** A VIF as the guest's kernel shows it. */
export interface Vif {
  /** The interface's name, such as `eth0` or `enX0`. */
  readonly name: string;
  /** Lower case with colons. */
  readonly mac: string;
  /** Number of the VIF: N of `device/vif/N`. */
  readonly index: number;
  /** What it is a part of, and which then has the addresses in its place. */
  readonly master?: LinkMaster;
}

/** An SR-IOV virtual function that stands for a VIF: a PCI device, of which sysfs knows no node in XenStore. */
export interface VirtualFunction {
  /** Lower case with colons. */
  readonly mac: string;
  /** Number of the VIF that it stands for. */
  readonly index: number;
}

/** A device that works through others. */
export interface LinkMaster {
  readonly name: string;
  /** Undefined for what is neither, such as a team. */
  readonly kind?: "bridge" | "bond";
}

/** A VIF that is a part of another device. */
export interface HeldVif extends Vif {
  readonly master: LinkMaster;
}

/** A route of an interface. */
export interface WantedRoute extends LinkRoute {
  /** Whether the gateway is outside every subnet of the link, so that the kernel must be told it is there. */
  readonly isOnLink: boolean;
  /**
   * Of a default route that counts only without the one of another interface; higher is worse. Also of
   * routes through an IPv6 gateway that another interface reaches by a route of that rank.
   */
  readonly metric?: number;
  /** Of a default route that counts: interfaces whose own it comes before. */
  readonly winsOver?: readonly string[];
  /** Of a default route that does not count: the interface whose own comes before it, where it is known. */
  readonly givesWayTo?: string;
}

/** How one interface should be: the neutral model that back ends write in their own format. */
export interface WantedInterface {
  readonly name: string;
  readonly mac: string;
  readonly label: string;
  /** IPv4 before IPv6. Empty means up, without address and without DHCP. */
  readonly addresses: readonly Prefix[];
  /** Default routes (prefix length 0) first. */
  readonly routes: readonly WantedRoute[];
  readonly dns: readonly IpAddress[];
  readonly mtuBytes?: number;
}

/** The network the host wants, on the guest's own interfaces. */
export interface WantedNetwork {
  /**
   * By number of the VIF. Of the default routes of a family one has no metric, and counts; or each has
   * one, where it is not known which counts.
   */
  readonly interfaces: readonly WantedInterface[];
  /** What has no VIF in the guest; nothing is done for it. */
  readonly missing: readonly WantedLink[];
  /** VIFs that are wanted and not free: an address on them would cut off what they are a part of. */
  readonly held: readonly HeldVif[];
}

/** What else is known of the wanted links. */
export interface JoinOptions {
  /** Whether there is a link that nobody could understand, whose default route may be the one that counts. */
  readonly isFirstUnknown?: boolean;
}

/** Lays the wanted links over the guest's VIFs. VIFs for which there is no link are left alone. */
export function joinNetwork(
  links: readonly WantedLink[],
  vifs: readonly Vif[],
  { isFirstUnknown = false }: JoinOptions = {},
): WantedNetwork {
  const linkOf = new Map(uniqueLinks(links).map((link) => [link.mac, link]));
  const joined = vifs
    .toSorted((a, b) => a.index - b.index)
    .flatMap((vif) => {
      const link = linkOf.get(vif.mac);
      return link ? [{ vif: checkName(vif), link }] : [];
    });
  // Also those that are not free: the default route that counts may be the one of their bridge.
  const rank = isFirstUnknown ? rankAsSpares : rankDefaults;
  const defaults = [...rank(joined, 4), ...rank(joined, 6)];
  const macs = new Set(joined.map(({ vif }) => vif.mac));
  const free = joined.filter(({ vif }) => vif.master === undefined);
  const interfaces = free.map((pair) => wantedInterface(pair, routesOf(pair, free, defaults)));
  return {
    interfaces: interfaces.map((each, index) => ({
      ...each,
      routes: each.routes.map((route) => rankShared(route, { index, interfaces })),
    })),
    missing: [...linkOf.values()].filter((link) => !macs.has(link.mac)),
    held: joined.flatMap(({ vif }) => (isHeld(vif) ? [vif] : [])),
  };
}

function isHeld(vif: Vif): vif is HeldVif {
  return vif.master !== undefined;
}

interface Pair {
  readonly vif: Vif;
  readonly link: WantedLink;
}

interface DefaultRoute extends RankedRoute {
  readonly mac: string;
}

type RankedRoute = Omit<WantedRoute, "isOnLink">;

/** Metric above which default routes lie that do not count. */
const SPARE_METRIC = 2048;

/** Metric from which default routes lie while the first one is unknown: none of those that are ranked has it. */
const UNRANKED_METRIC = 1536;

/** Metric above which other routes lie whose gateway another interface has as well. */
const SHARED_METRIC = 4096;

/** One link a MAC address; of two keys with the same the one named by its MAC address is the younger. */
function uniqueLinks(links: readonly WantedLink[]): WantedLink[] {
  const sorted = links.toSorted((a, b) => keyRank(a) - keyRank(b) || (a.key < b.key ? -1 : 1));
  return sorted.filter((link, index) => sorted.findIndex((other) => other.mac === link.mac) === index);
}

function keyRank(link: WantedLink): number {
  return link.key.toLowerCase() === link.mac.replaceAll(":", "") ? 0 : 1;
}

/** The name goes into files and commands, where it must be nothing but a name. */
function checkName(vif: Vif): Vif {
  if (/^[A-Za-z0-9][\w.-]*$/.test(vif.name)) return vif;
  throw new AgentError(
    "AGENT_UNSUPPORTED",
    `Interface ${JSON.stringify(vif.name)} (${vif.mac}) has a name that network files cannot hold; rename it`,
  );
}

/**
 * The default routes of a family, the one that counts first: that of the interface labelled `public`,
 * else of one with an address that the Internet knows, else of the first VIF. The others get metrics
 * above the 1024 that IPv6 routes have without one.
 */
function rankDefaults(pairs: readonly Pair[], family: Family): DefaultRoute[] {
  const [first, ...spares] = sortDefaults(pairs, family);
  if (first === undefined) return [];
  const winsOver = spares.flatMap(({ vif }) => (isHeld(vif) ? [] : [vif.name]));
  const givesWayTo = first.vif.master?.name ?? first.vif.name;
  return [
    winsOver.length === 0 ? first.route : { ...first.route, winsOver },
    ...spares.map(({ route }, index) => ({ ...route, metric: SPARE_METRIC + index + 1, givesWayTo })),
  ];
}

/**
 * The same where the first one is unknown: one without a metric would come before a default route that
 * the guest has on the interface of which nobody can tell how it should be.
 */
function rankAsSpares(pairs: readonly Pair[], family: Family): DefaultRoute[] {
  return sortDefaults(pairs, family).map(({ route }, index) => ({
    ...route,
    metric: UNRANKED_METRIC + index,
  }));
}

interface DefaultOfVif {
  readonly vif: Vif;
  readonly route: DefaultRoute;
}

function sortDefaults(pairs: readonly Pair[], family: Family): DefaultOfVif[] {
  const rank = ({ link }: Pair) => {
    if (link.label.toLowerCase() === "public") return 0;
    return link.addresses.some(({ address }) => address.family === family && isPublic(address)) ? 1 : 2;
  };
  return pairs
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap(({ vif, link }) => {
      const route = defaultRouteOf(link, family);
      return route === undefined ? [] : [{ vif, route: { ...route, mac: link.mac } }];
    });
}

/** A link's default route: its gateway, else a route to 0.0.0.0/0 or ::/0. */
function defaultRouteOf(link: WantedLink, family: Family): LinkRoute | undefined {
  if (!hasFamily(link, family)) return undefined;
  const routed = link.routes.find((route) => isDefault(route) && route.gateway.family === family);
  const gateway = link.gateways.find((each) => each.family === family) ?? routed?.gateway;
  if (gateway === undefined) return undefined;
  const address = addressOf(gateway.bytes.map(() => 0));
  return { destination: { address, prefixLength: 0 }, gateway };
}

function isDefault(route: LinkRoute): boolean {
  return route.destination.prefixLength === 0;
}

/** Without an address of the family no route of it can be used. */
function hasFamily(link: WantedLink, family: Family): boolean {
  return link.addresses.some(({ address }) => address.family === family);
}

/** The routes of one link; of several links that have the same destination the first VIF has the route. */
function routesOf(pair: Pair, pairs: readonly Pair[], defaults: readonly DefaultRoute[]): RankedRoute[] {
  const before = pairs.slice(0, pairs.indexOf(pair)).flatMap(({ link }) => usableRoutes(link));
  const taken = new Set(before.map(({ destination }) => prefixText(destination)));
  const own = usableRoutes(pair.link).filter(({ destination }) => !taken.has(prefixText(destination)));
  const ownDefaults = defaults.filter(({ mac }) => mac === pair.link.mac);
  return [...ownDefaults.map(({ mac: _mac, ...route }) => route), ...own];
}

function usableRoutes(link: WantedLink): LinkRoute[] {
  return link.routes.filter((route) => !isDefault(route) && hasFamily(link, route.gateway.family));
}

function wantedInterface({ vif, link }: Pair, routes: readonly RankedRoute[]): WantedInterface {
  const { addresses, label, dns, mtuBytes } = link;
  return {
    name: vif.name,
    mac: vif.mac,
    label,
    addresses,
    routes: routes.map((route) => ({ ...route, isOnLink: isOnLink(route.gateway, addresses) })),
    dns,
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
  };
}

interface RouteOwner {
  readonly index: number;
  readonly interfaces: readonly WantedInterface[];
}

/**
 * The route with a rank of its own, where another interface has its IPv6 gateway: outside every subnet
 * the gateway is reached by a route itself, and Linux keeps one of a rank for all interfaces.
 */
function rankShared(route: WantedRoute, { index, interfaces }: RouteOwner): WantedRoute {
  const { gateway, metric } = route;
  if (!route.isOnLink || gateway.family === 4 || metric !== undefined) return route;
  const isSharing = (other: WantedRoute) =>
    other.isOnLink && other.metric === undefined && other.gateway.text === gateway.text;
  const sharing = interfaces.filter(({ routes }) => routes.some(isSharing));
  const hasDefault = ({ routes }: WantedInterface) =>
    routes.some((each) => isDefault(each) && isSharing(each));
  const first = sharing.find(hasDefault) ?? sharing[0];
  return first === interfaces[index] ? route : { ...route, metric: SHARED_METRIC + index };
}

function isOnLink(gateway: IpAddress, addresses: readonly Prefix[]): boolean {
  return !isLinkLocalIpv6(gateway) && !addresses.some((prefix) => contains(prefix, gateway));
}
