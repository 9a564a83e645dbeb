import type { FixedIp, Image, Instance, Network, Port } from "@nova-agent/host";

/** A network card with what its network says. */
export interface PreviewCard extends Pick<Port, "fixedIps"> {
  /** Undefined for one that is to be made. */
  readonly mac?: string | undefined;
  readonly network: Network;
}

/** A change that is not made: the cards as they stay, and the one that comes or goes. */
export interface PreviewedChange {
  readonly kind: "attach" | "detach";
  readonly card: PreviewCard;
  readonly others: readonly PreviewCard[];
  readonly instance: Instance;
  /** Of what runs in it. */
  readonly image: Pick<Image, "hasAgent"> | undefined;
  /** Why it cannot be done now. */
  readonly obstacle: string | null;
}

export interface PreviewLine {
  readonly sign: " " | "+" | "-";
  readonly text: string;
}

/** The guest's network as it will be, with what is added and taken away. */
export function previewLines({ kind, card, others }: PreviewedChange): readonly PreviewLine[] {
  const sign = kind === "attach" ? "+" : "-";
  return [
    ...others.flatMap((other) => linesOf(other).map((text) => ({ sign: " ", text }) as const)),
    ...linesOf(card).map((text) => ({ sign, text }) as const),
  ];
}

function linesOf({ network, mac, fixedIps }: PreviewCard): readonly string[] {
  const hasIpv6 = fixedIps.some(isIpv6);
  const gateways = [network.gateway, hasIpv6 ? network.gateway6 : undefined];
  return [
    `network ${network.name}, card ${mac ?? "to be made"}`,
    ...fixedIps.map(({ address, prefixLength }) => `  address ${address}/${prefixLength}`),
    ...gateways.flatMap((gateway) => (gateway === undefined ? [] : [`  default route by ${gateway}`])),
    ...network.routes.map(({ destination, gateway }) => `  route ${destination} by ${gateway}`),
    ...network.dns.map((server) => `  name server ${server}`),
  ];
}

/** What to think of before the change is made, in words. */
export function previewWarnings(change: PreviewedChange): readonly string[] {
  const { kind } = change;
  return [
    ...obstacles(change),
    ...guestWarnings(change),
    ...(kind === "attach" ? attachWarnings(change) : detachWarnings(change)),
  ];
}

function obstacles({ obstacle }: PreviewedChange): readonly string[] {
  return obstacle === null ? [] : [`It cannot be done now. ${obstacle}`];
}

function guestWarnings({ instance, image }: PreviewedChange): readonly string[] {
  if (instance.vmState !== "active") return ["The guest finds the change when it starts"];
  // Whatever was installed in it since: a change of cards goes by the image.
  if (image?.hasAgent === false) {
    return ["The image has no agent: the guest has to be told of the change by hand"];
  }
  if (instance.agentSilentSince === null) return [];
  return ["The agent does not answer: while that is so the change fails, and is taken back"];
}

function attachWarnings({ card, others }: PreviewedChange): readonly string[] {
  const isKnown = others.some(({ network }) => network.id === card.network.id);
  const routed = [card, ...others].filter(({ network }) => network.gateway !== undefined);
  return [
    ...(isKnown ? [`The server is in the network ${card.network.name} already`] : []),
    ...(card.network.gateway !== undefined && routed.length > 1
      ? ["More than one network has a gateway: the guest has a default route by each, and one counts"]
      : []),
    ...(card.fixedIps.length > 1 ? ["The addresses are those that are free now: nobody keeps them"] : []),
  ];
}

function detachWarnings({ card, others }: PreviewedChange): readonly string[] {
  const addresses = card.fixedIps.map(({ address }) => address).join(" and ");
  const isLastRouted = card.network.gateway !== undefined && others.every(({ network }) => !network.gateway);
  return [
    ...(addresses === "" ? [] : [`Whoever is connected to ${addresses} loses the connection`]),
    ...(others.length === 0 ? ["It is the only network card: the server has no network without it"] : []),
    ...(others.length > 0 && isLastRouted
      ? ["No other network has a gateway: the server reaches nothing beyond its networks any more"]
      : []),
  ];
}

function isIpv6({ address }: FixedIp): boolean {
  return address.includes(":");
}
