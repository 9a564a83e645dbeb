import { AgentError } from "../errors.ts";
import { isJsonObject, type JsonValue, ownValue, type RequestValue } from "../protocol/request.ts";
import { parseMac } from "./mac.ts";
import { scalarText } from "./networking-field.ts";
import { type NetworkingPlace, parseNetworking, readNetworking } from "./parse-networking.ts";
import type { WantedLink } from "./wanted-link.ts";
import { joinNetwork, type Vif, type VirtualFunction, type WantedNetwork } from "./wanted-network.ts";

/** What the host wants of the guest's name and network. */
export interface WantedGuest {
  /** None of a VIF of which a part cannot be understood: nobody can tell what was meant. */
  readonly links: readonly WantedLink[];
  /** Undefined when the host says nothing: the name the guest has stays. */
  readonly hostname: string | undefined;
  /** What cannot be understood; what it is of stays as it is. */
  readonly faults?: readonly WantedFault[];
  /** Network cards of the host that the guest has in part, in place of VIFs. */
  readonly functions?: readonly VirtualFunction[];
}

/** A part of what the host wants that cannot be understood. */
export interface WantedFault {
  /** Of the VIF that it is of; undefined when it is of none, or nobody can tell. */
  readonly mac: string | undefined;
  /** Whether it is the host name's, and no network's. */
  readonly isOfHostname?: boolean;
  /** What is wrong, where, and the way out. */
  readonly message: string;
}

/** A part of what the host wants, or what is wrong with it. */
export type Understood<Value> = { readonly value: Value } | { readonly fault: WantedFault };

/** Reads one key of `vm-data/networking`, like `parseNetworking`. */
export function understandKey(key: string, text: string): Understood<WantedLink> {
  return understand(
    () => parseNetworking(key, text),
    () => macOf(parseJson(text), key),
  );
}

/** Reads the same from an object that stands somewhere else, like `readNetworking`. */
export function understandNetwork(fields: RequestValue, place: NetworkingPlace): Understood<WantedLink> {
  return understand(
    () => readNetworking(fields, place),
    () => macOf(fields, place.key),
  );
}

/** What `read` returns, or why it refuses. Throws what is no refusal. */
export function understand<Value>(
  read: () => Value,
  macOfFault: () => string | undefined = () => undefined,
): Understood<Value> {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { fault: { mac: macOfFault(), message: error.message } };
  }
}

/** Puts the parts together. */
export function gatherWanted(
  links: readonly Understood<WantedLink>[],
  hostname: Understood<string | undefined>,
): WantedGuest {
  const faults = [
    ...links.flatMap((each) => ("fault" in each ? [each.fault] : [])),
    ...("fault" in hostname ? [{ ...hostname.fault, isOfHostname: true }] : []),
  ];
  const understood = links.flatMap((each) => ("value" in each ? [each.value] : []));
  return {
    links: understood.filter(({ mac }) => !faults.some((fault) => fault.mac === mac)),
    hostname: "value" in hostname ? hostname.value : undefined,
    faults,
  };
}

/** The wanted network on the guest's VIFs; one that was not understood may have the first default route. */
export function joinWanted(guest: WantedLinks, vifs: readonly Vif[]): WantedNetwork {
  return joinNetwork(guest.links, vifs, { isFirstUnknown: vifsNotUnderstood(guest, vifs).length > 0 });
}

type WantedLinks = Pick<WantedGuest, "links" | "faults">;

/** The VIFs that a network may be for that was not understood. */
export function vifsNotUnderstood({ links, faults = [] }: WantedLinks, vifs: readonly Vif[]): Vif[] {
  const unknown = faults.filter(({ isOfHostname = false }) => !isOfHostname);
  return vifs.filter(
    (vif) =>
      !links.some(({ mac }) => mac === vif.mac) &&
      unknown.some(({ mac }) => mac === undefined || mac === vif.mac),
  );
}

/** By the field, else by the key, as where all is well. */
function macOf(fields: RequestValue, key: string): string | undefined {
  const field = isJsonObject(fields) ? scalarText(ownValue(fields, "mac")) : "";
  return parseMac(field) ?? parseMac(key);
}

function parseJson(text: string): RequestValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
