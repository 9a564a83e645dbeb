import {
  type GuestInterface,
  type GuestSight,
  type Network,
  networkingData,
  networkingKey,
  parseAddress,
  parseGuestReport,
  type Port,
  renderAddress,
} from "@nova-agent/host";

/** A network card as the database has it, as its domain has it, or both. */
export interface ComparedCard {
  readonly port: Port | undefined;
  readonly network: Network | undefined;
  readonly vif: number;
  readonly mac: string;
  /** What the guest says that it has; undefined where it says nothing. */
  readonly applied: readonly string[] | undefined;
  /** What is not as it should be, in words. */
  readonly differences: readonly string[];
}

/** What cards are compared by. */
export interface NetworkFacts {
  readonly ports: readonly Port[];
  /** By their ids. */
  readonly networks: ReadonlyMap<string, Network>;
  /** Undefined without a domain; then nothing differs. */
  readonly sight: GuestSight | undefined;
}

/** Every card of a server, in the order of the VIFs. */
export function compareNetwork(facts: NetworkFacts): readonly ComparedCard[] {
  const { ports, networks, sight } = facts;
  const report = parseGuestReport(sight?.nodes ?? new Map<string, string>());
  const hasAddresses = report.interfaces.some(({ addresses }) => addresses.length > 0);
  const cards = ports.map((port) => {
    const seen = report.interfaces.find(({ mac }) => mac === port.mac.toLowerCase());
    const applied = hasAddresses ? seen?.addresses : undefined;
    const card = { port, network: networks.get(port.networkId), vif: port.index, mac: port.mac, applied };
    const differences =
      sight === undefined ? [] : differencesOf(card, { sight, isPlugged: seen !== undefined });
    return { ...card, differences };
  });
  const known = new Set(ports.map(({ mac }) => mac.toLowerCase()));
  const strange = report.interfaces.filter(({ mac }) => mac !== null && !known.has(mac));
  return [...cards, ...strange.map(strangeCard)].toSorted((left, right) => left.vif - right.vif);
}

function differencesOf(
  { port, network, applied }: Pick<ComparedCard, "network" | "applied"> & { readonly port: Port },
  { sight, isPlugged }: { readonly sight: GuestSight; readonly isPlugged: boolean },
): readonly string[] {
  return [
    ...(isPlugged || !showsCards(sight) ? [] : ["The domain has no card with this MAC address"]),
    ...(network === undefined ? [] : toldDifferently(port, { network, sight })),
    ...addressDifferences(port, applied),
  ];
}

/** Without any, the toolstack keeps its cards elsewhere. */
function showsCards({ nodes }: GuestSight): boolean {
  return [...nodes.keys()].some((path) => /^device\/vif\/\d+\/mac$/.test(path));
}

function toldDifferently(
  port: Port,
  { network, sight }: { readonly network: Network; readonly sight: GuestSight },
): readonly string[] {
  const path = `networking/${networkingKey(port)}`;
  const told = sight.vmData[path];
  if (told === undefined) return [`The guest is not told of this card: vm-data/${path} is not there`];
  if (told === JSON.stringify(networkingData(port, network))) return [];
  return [`vm-data/${path} does not say what the database does`];
}

function addressDifferences({ fixedIps }: Port, applied: readonly string[] | undefined): readonly string[] {
  if (applied === undefined) return [];
  const wanted = fixedIps.map(({ address }) => canonical(address));
  const present = applied.map(canonical);
  const missing = wanted.filter((address) => !present.includes(address));
  const others = present.filter((address) => !wanted.includes(address) && !isLinkLocal(address));
  return [
    ...missing.map((address) => `The guest does not use ${address}`),
    ...others.map((address) => `The guest uses ${address}, which is not given to this card`),
  ];
}

function strangeCard({ vif, mac, addresses }: GuestInterface): ComparedCard {
  const differences = ["The domain has this card, and the database does not"];
  return { port: undefined, network: undefined, vif, mac: mac ?? "", applied: addresses, differences };
}

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : renderAddress(address);
}

/** Those that a system gives itself (RFC 4291, 2.5.6; RFC 3927). */
function isLinkLocal(address: string): boolean {
  return /^(?:fe[89ab][\da-f]:|169\.254\.)/i.test(address);
}
