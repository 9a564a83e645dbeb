import { encodeUtf8 } from "@nova-agent/xenstore";
import { type Family, isLinkLocalIpv6, type Prefix, prefixText } from "../../network/address.ts";
import { INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import {
  HOST_COMMENT,
  hostNames,
  LABEL_COMMENT,
  readAssignments,
  replaceAssignments,
  shellName,
} from "../../network/shell-file.ts";
import type { Vif, WantedInterface, WantedNetwork, WantedRoute } from "../../network/wanted-network.ts";
import type { RunStep, Step, WhenTakenBackStep, WriteFileStep } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { joinRoutes, type KeptRoutes, keptRoutes } from "./kept-routes.ts";
import { planResolver, resolverEvidence, resolverFiles } from "../resolv-conf.ts";

const RC_CONF_PATH = "/etc/rc.conf";

/** Read behind the other file, so that what stands here counts; earlier agents wrote it. */
const LOCAL_PATH = "/etc/rc.conf.local";

/** Only FreeBSD has it (freebsd-version(1)). */
const VERSION_PATH = "/bin/freebsd-version";

/**
 * FreeBSD's rc.conf(5), which is its only network manager. It has no metrics: of several default
 * routes of a family the one that counts is written, the others are left out.
 */
export const freebsd: NetworkBackend = {
  name: "freebsd",
  evidence: [VERSION_PATH, ...resolverEvidence],
  filesToRead: () => [RC_CONF_PATH, LOCAL_PATH, ...resolverFiles],
  manages: ({ evidence }): Claim => (evidence.has(VERSION_PATH) ? "yes" : "no"),
  plan,
};

type Variables = ReadonlyMap<string, string>;

interface Configuration {
  readonly text: string;
  readonly local: string;
  readonly before: Variables;
  /** Variables with an MTU of the host's. */
  readonly hosts: ReadonlySet<string>;
}

function plan(network: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const files = readConfiguration(facts);
  const wanted = network.interfaces.map((each) => ({ each, own: variablesOf(each, files) }));
  const common = commonVariables(network, { before: files.before, vifs: facts.vifs });
  const isSaid = ({ each, own }: Wanted) => isSame(files, own, (name) => isOwnVariable(name, each));
  const changed = wanted.filter((one) => !isSaid(one) || !isSoInKernel(one.each, facts));
  const areRoutesSaid = isSame(files, common, isCommonVariable);
  const isRouted = areRoutesSaid && changed.length === 0;
  const names = changed.map(({ each }) => each.name);
  return [
    ...(isRouted ? [] : [whenTakenBack(["service", "routing", "restart"])]),
    // By the old file: whether a DHCP client is to be stopped stands there.
    ...names.map(stop),
    ...(wanted.every(isSaid) && areRoutesSaid ? [] : writeFiles(files, wanted, common)),
    ...names.map(start),
    ...(isRouted ? [] : [restartRouting()]),
    ...planResolver(network, facts),
  ];
}

function readConfiguration({ files }: NetworkFacts): Configuration {
  const [text, local] = [files.get(RC_CONF_PATH) ?? "", files.get(LOCAL_PATH) ?? ""];
  const assigned = [...readAssignments(text), ...readAssignments(local)];
  const before = new Map(assigned.map(([name, values]) => [name, values.join(" ")]));
  return { text, local, before, hosts: new Set([...hostNames(text), ...hostNames(local)]) };
}

interface Wanted {
  readonly each: WantedInterface;
  readonly own: Variables;
}

/** The variables of one interface (rc.conf(5), "ifconfig_<interface>", "ifconfig_<interface>_aliasN"). */
function variablesOf(
  { name, addresses, mtuBytes }: WantedInterface,
  { before, hosts }: Configuration,
): Variables {
  const key = `ifconfig_${shellName(name)}`;
  const [first4, ...more4] = addresses.filter(({ address }) => address.family === 4);
  const [first6, ...more6] = addresses.filter(({ address }) => address.family === 6);
  const options = userOptions(before.get(key) ?? "", mtuBytes !== undefined || hosts.has(key));
  const announced = before.get(`${key}_ipv6`) ?? "";
  const words = [
    first4 ? addressWords(first4) : "up",
    ...(mtuBytes === undefined ? [] : [`mtu ${mtuBytes}`]),
    ...options,
  ];
  const aliases = [...more4, ...more6];
  return new Map([
    [key, words.join(" ")],
    ...(first6 ? [[`${key}_ipv6`, `${addressWords(first6)} -accept_rtadv`] as const] : []),
    // Without IPv6 of the host's, what a router announces is the guest's own business.
    ...(!first6 && isAddressless(announced) ? [[`${key}_ipv6`, announced] as const] : []),
    // Counted without a gap, at which rc stops.
    ...aliases.map((prefix, index) => [`${key}_alias${index}`, addressWords(prefix)] as const),
  ]);
}

/** As ifconfig(8) takes it. */
function addressWords(prefix: Prefix): string {
  const { address, prefixLength } = prefix;
  return address.family === 4
    ? `inet ${prefixText(prefix)}`
    : `inet6 ${address.text} prefixlen ${prefixLength}`;
}

/** Whether words of IPv6 are there and name no address, such as `inet6 accept_rtadv`. */
function isAddressless(words: string): boolean {
  return words !== "" && !words.includes(":");
}

/** Words that bring addresses or keep the interface down, with their arguments. */
const addressing =
  /(?<!\S)(inet6?\s+\S+|(netmask|broadcast|prefixlen|alias)\s+\S+|((no)?sync)?dhcp|noauto|up|down|accept_rtadv)(?=\s|$)/gi;

/** What of the user's words is neither an address nor the way to one, such as `-tso4`. */
function userOptions(value: string, isMtuHosts: boolean): string[] {
  const options = value.replaceAll(addressing, " ");
  const kept = isMtuHosts ? options.replaceAll(/\bmtu\s+\S+/g, " ") : options;
  return kept.split(/\s+/).filter((word) => word !== "");
}

function isOwnVariable(name: string, { name: interfaceName }: { readonly name: string }): boolean {
  const suffix = shellName(interfaceName);
  const legacy = [`ipv4_addrs_${suffix}`, `ipv6_prefix_${suffix}`];
  return (
    name === `ifconfig_${suffix}` ||
    new RegExp(`^ifconfig_${suffix}_(alias(es|\\d+)|ipv6)$`).test(name) ||
    new RegExp(`^ipv6_ifconfig_${suffix}(_alias\\d+)?$`).test(name) ||
    legacy.includes(name)
  );
}

interface RoutesBefore {
  readonly before: Variables;
  readonly vifs: readonly Vif[];
}

/** What is of all interfaces: the routes. Those of VIFs that the host does not name stay. */
function commonVariables({ interfaces }: WantedNetwork, { before, vifs }: RoutesBefore): Variables {
  const routes = interfaces.flatMap(({ name, routes: own }) => own.map((route) => ({ name, route })));
  const others = vifs.filter(({ name }) => !interfaces.some((each) => each.name === name));
  const kept = keptRoutes(before, others);
  return new Map(([4, 6] as const).flatMap((family) => familyVariables(family, { routes, before, kept })));
}

interface NamedRoute {
  readonly name: string;
  readonly route: WantedRoute;
}

interface FamilyRoutes {
  readonly routes: readonly NamedRoute[];
  readonly before: Variables;
  readonly kept: KeptRoutes;
}

function familyVariables(
  family: Family,
  { routes, before, kept }: FamilyRoutes,
): (readonly [string, string])[] {
  const prefix = family === 4 ? "" : "ipv6_";
  const ofFamily = routes.filter(({ route }) => route.gateway.family === family);
  const router = kept.get(`${prefix}defaultrouter`);
  const main = defaultRoute(ofFamily, router !== undefined);
  const own = ofFamily.filter((each) => each === main || !isSpare(each.route));
  const gateways = own.filter(({ route }) => route.isOnLink).map(gatewayWords);
  const others = own.filter((each) => each !== main).map(({ route }) => routeWords(route));
  // A gateway outside every subnet has to be known before routes go through it.
  const texts = joinRoutes([...new Set([...gateways, ...others])], { prefix, before, kept });
  const users = (before.get(`${prefix}static_routes`) ?? "").split(/\s+/).filter(isUsersRoute);
  const names = [...users, ...texts.map((_text, index) => `nova${index}`)];
  const wanted = main === undefined ? router : routerText(main);
  return [
    ...(wanted === undefined ? [] : [[`${prefix}defaultrouter`, wanted] as const]),
    ...(names.length === 0 ? [] : [[`${prefix}static_routes`, names.join(" ")] as const]),
    ...texts.map((text, index) => [`${prefix}route_nova${index}`, text] as const),
  ];
}

/** The one that counts; where it is unknown which does, the best of them unless one is kept. */
function defaultRoute(routes: readonly NamedRoute[], isOneKept: boolean): NamedRoute | undefined {
  const defaults = routes.filter(({ route }) => route.destination.prefixLength === 0);
  const unranked = defaults
    .filter(({ route }) => isSpare(route) && route.givesWayTo === undefined)
    .toSorted((a, b) => (a.route.metric ?? 0) - (b.route.metric ?? 0));
  return defaults.find(({ route }) => !isSpare(route)) ?? (isOneKept ? undefined : unranked[0]);
}

/** Whether it counts only without another one. */
function isSpare({ metric, destination }: WantedRoute): boolean {
  return metric !== undefined && destination.prefixLength === 0;
}

/** `lanN` are earlier agents'. */
function isUsersRoute(name: string): boolean {
  return name !== "" && !/^(nova|lan)\d+$/.test(name);
}

function gatewayWords({ name, route }: NamedRoute): string {
  return `-host ${route.gateway.text} -iface ${name}`;
}

/** As route(8) takes it behind `add`; the family is said by rc where it is IPv6. */
function routeWords({ destination, gateway }: WantedRoute): string {
  return `-net ${prefixText(destination)} ${gateway.text}`;
}

/** A link-local gateway means something on its own link only. */
function routerText({ name, route: { gateway } }: NamedRoute): string {
  return isLinkLocalIpv6(gateway) ? `${gateway.text}%${name}` : gateway.text;
}

function isCommonVariable(name: string): boolean {
  return /^(ipv6_)?(defaultrouter|static_routes|route_(nova|lan)\d+)$/.test(name);
}

function isSame({ before }: Configuration, own: Variables, isOwn: (name: string) => boolean): boolean {
  const relevant = [...before].filter(([name]) => isOwn(name));
  return relevant.length === own.size && relevant.every(([name, value]) => own.get(name) === value);
}

function writeFiles(
  { text, local }: Configuration,
  wanted: readonly Wanted[],
  common: Variables,
): WriteFileStep[] {
  const drops = (name: string) =>
    isCommonVariable(name) || wanted.some(({ each }) => isOwnVariable(name, each));
  const blocks = wanted.map(({ each, own }) => [
    ...(each.label === "" ? [] : [LABEL_COMMENT + each.label]),
    ...(each.mtuBytes === undefined ? [] : [HOST_COMMENT]),
    ...spell(own),
  ]);
  const isDropped = [...readAssignments(local).keys()].some(drops);
  return [
    write(RC_CONF_PATH, replaceAssignments(text, { drops, lines: [...blocks.flat(), ...spell(common)] })),
    ...(isDropped ? [write(LOCAL_PATH, replaceAssignments(local, { drops, lines: [] }))] : []),
  ];
}

function spell(variables: Variables): string[] {
  return [...variables].map(([name, value]) => `${name}="${value}"`);
}

function write(path: string, text: string): WriteFileStep {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: true };
}

function whenTakenBack(argv: readonly [string, ...string[]]): WhenTakenBackStep {
  return { step: "whenTakenBack", argv, timeoutMs: INTERFACE_TIMEOUT_MS };
}

function stop(name: string): RunStep {
  return { ...netif("stop", "start", name), failure: `Error stopping network: ${name}` };
}

function start(name: string): RunStep {
  return { ...netif("start", "stop", name), failure: `Error starting network: ${name}` };
}

function netif(command: string, opposite: string, name: string): Omit<RunStep, "failure"> {
  return {
    step: "run",
    argv: ["service", "netif", command, name],
    undo: ["service", "netif", opposite, name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
  };
}

function restartRouting(): RunStep {
  return {
    step: "run",
    argv: ["service", "routing", "restart"],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: "Error starting network: routes",
  };
}
