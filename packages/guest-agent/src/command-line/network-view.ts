import { prefixText } from "../network/address.ts";
import type { KernelNetwork, KernelRoute } from "../network/kernel-network.ts";
import { joinWanted } from "../network/wanted-guest.ts";
import type { Vif, WantedInterface, WantedNetwork, WantedRoute } from "../network/wanted-network.ts";
import type { Claim, NetworkFacts } from "../os/backend.ts";
import { claimsOf, strongestClaim } from "../os/index.ts";
import type { ResetFacts } from "../system/reset-facts.ts";

/** A guest's network as it is and as it is wanted, in texts; what `network show --json` prints. */
export interface NetworkView {
  /** The kernel's host name. */
  readonly hostname: string;
  readonly vifs: readonly Vif[];
  readonly managers: readonly ManagerView[];
  /** Missing under another root than the running system's. */
  readonly kernel?: { readonly links: readonly LinkView[]; readonly routes: readonly string[] };
  readonly wanted: WantedView;
  /** What of the wanted name and network was not understood, and is left as it is. */
  readonly faults: readonly FaultView[];
}

interface FaultView {
  /** Missing when it is of no VIF, or nobody can tell. */
  readonly mac?: string;
  readonly message: string;
}

/** What one network manager says of the VIFs. */
interface ManagerView {
  readonly name: string;
  readonly claim: Claim;
  /** Whether the agent would change the network through it. */
  readonly isChosen: boolean;
  /** Those paths that are there of the ones by which the agent knows it. */
  readonly found: readonly string[];
}

/** A link of the kernel. */
interface LinkView {
  readonly name: string;
  readonly isUp: boolean;
  readonly mtuBytes: number;
  readonly addresses: readonly string[];
}

/** What the host wants. */
interface WantedView {
  /** Missing when the guest keeps its own. */
  readonly hostname?: string;
  readonly interfaces: readonly WantedInterfaceView[];
  /** MAC addresses and labels of networks without a VIF. */
  readonly missing: readonly { readonly mac: string; readonly label: string }[];
  /** Interfaces that are left alone, because they belong to another device. */
  readonly held: readonly { readonly name: string; readonly master: string }[];
}

interface WantedInterfaceView {
  readonly name: string;
  readonly mac: string;
  readonly label: string;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly dns: readonly string[];
  readonly mtuBytes?: number;
}

/** Puts together what is known of a guest's network. */
export function viewNetwork(facts: ResetFacts): NetworkView {
  const { hostname, faults = [], network } = facts;
  const wanted = joinWanted(facts, network.vifs);
  return {
    hostname: network.hostname,
    vifs: network.vifs,
    managers: viewManagers(network),
    ...(network.kernel === undefined ? {} : { kernel: viewKernel(network.kernel) }),
    wanted: { ...(hostname === undefined ? {} : { hostname }), ...viewWanted(wanted) },
    faults: faults.map(({ mac, message }) => ({ ...(mac === undefined ? {} : { mac }), message })),
  };
}

function viewManagers(facts: NetworkFacts): ManagerView[] {
  const claims = claimsOf(facts);
  const chosen = strongestClaim(claims);
  return claims.map(({ backend, claim }) => ({
    name: backend.name,
    claim,
    isChosen: backend === chosen?.backend,
    found: backend.evidence.filter((path) => facts.evidence.has(path)),
  }));
}

function viewKernel({ links, routes }: KernelNetwork): Required<NetworkView>["kernel"] {
  return {
    links: [...links.values()].map(({ name, isUp, mtuBytes, addresses }) => ({
      name,
      isUp,
      mtuBytes,
      addresses: addresses.map(prefixText),
    })),
    routes: routes.map((route) => `${routeText(route)} dev ${route.linkName}`),
  };
}

function viewWanted({ interfaces, missing, held }: WantedNetwork): WantedView {
  return {
    interfaces: interfaces.map(viewInterface),
    missing: missing.map(({ mac, label }) => ({ mac, label })),
    held: held.map(({ name, master }) => ({ name, master: master.name })),
  };
}

function viewInterface(wanted: WantedInterface): WantedInterfaceView {
  const { name, mac, label, addresses, routes, dns, mtuBytes } = wanted;
  return {
    name,
    mac,
    label,
    addresses: addresses.map(prefixText),
    routes: routes.map(routeText),
    dns: dns.map((server) => server.text),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
  };
}

/** A route in the words of ip-route(8). */
function routeText(route: WantedRoute | KernelRoute): string {
  const { destination, gateway } = route;
  const to = destination.prefixLength === 0 ? "default" : prefixText(destination);
  const via = gateway === undefined ? "" : ` via ${gateway.text}`;
  const onLink = "isOnLink" in route && route.isOnLink ? " onlink" : "";
  const metric = route.metric === undefined || route.metric === 0 ? "" : ` metric ${route.metric}`;
  return `${to}${via}${onLink}${metric}`;
}

/** The view as text for people. */
export function renderNetworkView(view: NetworkView): string {
  const { hostname, vifs, managers, kernel, wanted } = view;
  const parts = [
    `Host name\n  ${hostname === "" ? "unknown" : hostname}`,
    section(
      "VIFs",
      vifs.map(({ name, mac, index }) => `${name}  ${mac}  device/vif/${index}`),
    ),
    section("Network managers", managers.map(managerLine)),
    kernel === undefined
      ? "Kernel\n  not looked at, because this is another system's root"
      : section("Kernel", [...kernel.links.map(linkLine), ...kernel.routes]),
    section("Wanted", wantedLines(wanted)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...(lines.length === 0 ? ["none"] : lines).map((line) => `  ${line}`)].join("\n");
}

const claimWords: Readonly<Record<Claim, string>> = {
  yes: "has the VIFs",
  could: "is installed and could take them",
  no: "has nothing to do with them",
};

function managerLine({ name, claim, isChosen, found }: ManagerView): string {
  const evidence = found.length === 0 ? "" : `; found ${found.join(", ")}`;
  return `${isChosen ? "*" : " "} ${name}: ${claim}, ${claimWords[claim]}${evidence}`;
}

function linkLine({ name, isUp, mtuBytes, addresses }: LinkView): string {
  return [`${name}: ${isUp ? "up" : "down"}, MTU ${mtuBytes}`, ...addresses].join(", ");
}

function wantedLines({ hostname, interfaces, missing, held }: WantedView): string[] {
  return [
    ...(hostname === undefined ? [] : [`host name ${hostname}`]),
    ...interfaces.flatMap(interfaceLines),
    ...missing.map(({ mac, label }) => `${mac}${named(label)}: left out, because there is no such VIF`),
    ...held.map(({ name, master }) => `${name}: left out, because it belongs to ${master}`),
  ];
}

function interfaceLines({ name, mac, label, ...wanted }: WantedInterfaceView): string[] {
  return [
    `${name} ${mac}${named(label)}`,
    ...wanted.addresses.map((address) => `  address ${address}`),
    ...wanted.routes.map((route) => `  route ${route}`),
    ...wanted.dns.map((server) => `  name server ${server}`),
    ...(wanted.mtuBytes === undefined ? [] : [`  MTU ${wanted.mtuBytes}`]),
  ];
}

function named(label: string): string {
  return label === "" ? "" : ` (${label})`;
}
