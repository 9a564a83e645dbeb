import {
  addressOf,
  contains,
  type Family,
  networkOf,
  type Prefix,
  prefixText,
} from "../../network/address.ts";
import { gatewayDestination } from "../../network/ip-route.ts";
import { HOST_COMMENT } from "../../network/shell-file.ts";
import type { WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { type KeptOptions, nothingKept } from "./kept-options.ts";

/** How a line begins that says which network a stanza is of; earlier agents wrote it too. */
export const LABEL_COMMENT = "# Label ";

/** What the program that reads the format understands of it. */
export interface Dialect {
  /** Whether all stanzas of an interface are taken together, with a prefix length in `address`. */
  readonly mergesStanzas: boolean;
  /** Whether each stanza may have `metric` and `accept_ra`. */
  readonly hasOptions: boolean;
  /** Whether `dns-nameservers` reaches anybody. */
  readonly hasDns: boolean;
}

/** How an interface's stanzas are written. */
export interface RenderOptions {
  readonly dialect: Dialect;
  /** Families whose default routes are added by commands in place of `gateway`. */
  readonly withoutGateway: ReadonlySet<Family>;
  /** What of the user's stays, behind all else. */
  readonly kept?: KeptOptions;
}

/** One `iface`: an address that is an option, what other addresses it brings, and its routes. */
interface Stanza {
  readonly head: Prefix;
  readonly others: readonly Prefix[];
  readonly routes: readonly WantedRoute[];
  /** Whether it is the one that switches off what routers announce. */
  readonly isFirst6: boolean;
}

/**
 * The stanzas of one interface (interfaces(5)): one `iface` an address, which ifupdown merges since
 * 0.7, or one a family. A route stands in the stanza whose address reaches its gateway, because the
 * stanzas are brought up one after the other.
 */
export function renderStanzas(wanted: WantedInterface, options: RenderOptions): string {
  const { dialect, kept = nothingKept } = options;
  const { name, label } = wanted;
  const stanzas = dialect.mergesStanzas ? stanzaEach(wanted) : stanzaEachFamily(wanted);
  const families = stanzas.map(({ head }) => head.address.family);
  const lines = stanzas.flatMap((stanza, index) => [
    ...stanzaLines(stanza, name, options),
    ...(index === 0 ? linkLines(wanted, dialect) : []),
    ...keptLines(index, { families, kept }),
  ]);
  return [
    ...(label === "" ? [] : [LABEL_COMMENT + label]),
    `auto ${name}`,
    ...(stanzas.length === 0 ? manualLines(wanted, dialect) : lines),
    ...(stanzas.length === 0 ? keptLines(0, { families: [4], kept }) : []),
  ].join("\n");
}

interface Placing {
  /** Of each stanza. */
  readonly families: readonly Family[];
  readonly kept: KeptOptions;
}

/** What stays in a stanza: the first of its family has the family's, the first of all also other commands. */
function keptLines(index: number, { families, kept }: Placing): string[] {
  const family = families[index];
  const missing = ([4, 6] as const).filter((each) => !families.includes(each));
  return [
    ...(family !== undefined && families.indexOf(family) === index ? (kept.lines.get(family) ?? []) : []),
    ...(index === 0 ? missing.flatMap((each) => kept.commands.get(each) ?? []) : []),
  ].map((line) => `    ${line.trim()}`);
}

function stanzaEach({ addresses, routes }: WantedInterface): Stanza[] {
  const first6 = addresses.find(({ address }) => address.family === 6);
  return addresses.map((head) => ({
    head,
    others: [],
    routes: routes.filter((route) => reachingAddress(route, addresses) === head),
    isFirst6: head === first6,
  }));
}

function stanzaEachFamily({ addresses, routes }: WantedInterface): Stanza[] {
  return ([4, 6] as const).flatMap((family) => {
    const [head, ...others] = addresses.filter(({ address }) => address.family === family);
    const own = routes.filter(({ gateway }) => gateway.family === family);
    return head === undefined ? [] : [{ head, others, routes: own, isFirst6: family === 6 }];
  });
}

function stanzaLines(stanza: Stanza, name: string, { dialect, withoutGateway }: RenderOptions): string[] {
  const { head, others, routes, isFirst6 } = stanza;
  const gateway = withoutGateway.has(head.address.family)
    ? undefined
    : routes.find((route) => isGatewayOption(route, stanza, dialect));
  return [
    `iface ${name} ${head.address.family === 4 ? "inet" : "inet6"} static`,
    ...addressLines(head, dialect),
    ...others.flatMap((prefix) => addressCommands(prefix, name)),
    ...routes.flatMap((route) => (route === gateway ? gatewayLines(route) : routeCommands(route, name))),
    ...(isFirst6 ? [acceptLine(name, dialect)] : []),
  ];
}

/** Options come before commands: what needs another address than the stanza's is a command. */
function isGatewayOption(route: WantedRoute, { head, others }: Stanza, dialect: Dialect): boolean {
  const isDefault = route.destination.prefixLength === 0;
  const isReached = !route.isOnLink && reachingAddress(route, [head, ...others]) === head;
  return isDefault && isReached && (route.metric === undefined || dialect.hasOptions);
}

function addressLines(prefix: Prefix, { mergesStanzas }: Dialect): string[] {
  const { address, prefixLength } = prefix;
  if (mergesStanzas) return [`    address ${prefixText(prefix)}`];
  const mask = networkOf({ address: addressOf([255, 255, 255, 255]), prefixLength });
  return [`    address ${address.text}`, `    netmask ${address.family === 4 ? mask.text : prefixLength}`];
}

function addressCommands(prefix: Prefix, name: string): string[] {
  const target = `${prefixText(prefix)} dev ${name}`;
  return [`    up ip address add ${target}`, `    down ip address del ${target} || true`];
}

function gatewayLines({ gateway, metric }: WantedRoute): string[] {
  return [`    gateway ${gateway.text}`, ...(metric === undefined ? [] : [`    metric ${metric}`])];
}

function routeCommands(route: WantedRoute, name: string): string[] {
  const ip = route.gateway.family === 4 ? "ip route" : "ip -6 route";
  const isDefault = route.destination.prefixLength === 0;
  const destination = isDefault ? "default" : prefixText(route.destination);
  // The default route of somebody else's interface stays behind this one, for when this one goes; those
  // of IPv6 would share the traffic (ip-route(8)).
  const add = isDefault && route.gateway.family === 4 ? "prepend" : "replace";
  const metric = route.metric === undefined ? "" : ` metric ${route.metric}`;
  const target = `${destination} via ${route.gateway.text} dev ${name}${metric}`;
  const toGateway = gatewayDestination(route);
  const isOnLink = route.isOnLink && toGateway === undefined;
  return [
    ...(toGateway === undefined ? [] : [`    up ${ip} replace ${toGateway} dev ${name}${metric}`]),
    `    up ${ip} ${add} ${target}${isOnLink ? " onlink" : ""}`,
    `    down ${ip} del ${target} || true`,
    ...(toGateway === undefined ? [] : [`    down ${ip} del ${toGateway} dev ${name}${metric} || true`]),
  ];
}

function acceptLine(name: string, { hasOptions }: Dialect): string {
  return hasOptions ? "    accept_ra 0" : `    pre-up echo 0 >/proc/sys/net/ipv6/conf/${name}/accept_ra`;
}

/** What holds for the whole interface, once. resolvconf takes name servers from any stanza. */
function linkLines(wanted: WantedInterface, { hasDns, hasOptions }: Dialect): string[] {
  const { name, addresses, dns, mtuBytes } = wanted;
  const servers = dns.map((server) => server.text).join(" ");
  const isOnlyIpv6s = hasOptions && addresses[0]?.address.family === 6;
  return [
    ...(hasDns && dns.length > 0 ? [`    dns-nameservers ${servers}`] : []),
    ...(mtuBytes === undefined ? [] : [`    ${HOST_COMMENT}`, mtuLine(mtuBytes, { name, isOnlyIpv6s })]),
  ];
}

interface MtuOf {
  readonly name: string;
  readonly isOnlyIpv6s: boolean;
}

/** In a stanza of IPv6 ifupdown lowers the MTU of IPv6 in place of the link's. */
function mtuLine(mtuBytes: number, { name, isOnlyIpv6s }: MtuOf): string {
  return isOnlyIpv6s ? `    pre-up ip link set dev ${name} mtu ${mtuBytes}` : `    mtu ${mtuBytes}`;
}

/** An interface that is up without an address; not everybody brings one up by itself. */
function manualLines(wanted: WantedInterface, dialect: Dialect): string[] {
  const { name, mtuBytes } = wanted;
  const head = `iface ${name} inet manual`;
  if (dialect.mergesStanzas) return [head, ...linkLines(wanted, dialect)];
  const mtu = mtuBytes === undefined ? "" : ` mtu ${mtuBytes}`;
  return [
    head,
    ...(mtuBytes === undefined ? [] : [`    ${HOST_COMMENT}`]),
    `    up ip link set dev ${name}${mtu} up`,
    `    down ip link set dev ${name} down`,
  ];
}

/** The address that reaches a route's gateway; for one outside every subnet the family's last. */
function reachingAddress(
  { gateway, isOnLink }: WantedRoute,
  addresses: readonly Prefix[],
): Prefix | undefined {
  const ofFamily = addresses.filter(({ address }) => address.family === gateway.family);
  // A link-local gateway is reached from any address.
  return ofFamily.find((prefix) => contains(prefix, gateway)) ?? (isOnLink ? ofFamily.at(-1) : ofFamily[0]);
}
