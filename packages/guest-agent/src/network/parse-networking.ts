import { isJsonObject, type JsonObject, type JsonValue, type RequestValue } from "../protocol/request.ts";
import {
  type Family,
  type IpAddress,
  isUnicast,
  networkOf,
  parseAddress,
  type Prefix,
  prefixText,
} from "./address.ts";
import { LABEL_MAX_CHARACTERS, MTU_MAX_BYTES, MTU_MIN_BYTES, MTU_MIN_IPV6_BYTES } from "./limits.ts";
import { parseMac } from "./mac.ts";
import {
  badNetworking,
  type NetworkingObject,
  readAddress,
  readField,
  readList,
  readObjects,
  readPrefixLength,
  scalarText,
} from "./networking-field.ts";
import type { LinkRoute, WantedLink } from "./wanted-link.ts";

/**
 * Reads the JSON of one key of `vm-data/networking`, as Nova's XenAPI driver and the hosts before it
 * write it. Every field but an address's own may be missing or null; unknown ones are ignored. Throws
 * AGENT_BAD_PAYLOAD with the key, the field and its value.
 */
export function parseNetworking(key: string, text: string): WantedLink {
  const at = `vm-data/networking/${printable(key)}`;
  return readNetworking(parseObject(at, text), { key, at });
}

/** Where the object of one network stands. */
export interface NetworkingPlace {
  /** Its key, which is its MAC address where no field says so. */
  readonly key: string;
  /** The way to it, for messages. */
  readonly at: string;
}

/** Reads the same from an object that stands somewhere else. Throws AGENT_BAD_PAYLOAD with its place. */
export function readNetworking(fields: RequestValue, { key, at }: NetworkingPlace): WantedLink {
  if (!isJsonObject(fields)) throw badNetworking(at, fields, "a JSON object");
  const object: NetworkingObject = { at: `${at}: `, fields };
  const addresses = [...readAddresses(object, 4), ...readAddresses(object, 6)];
  const mtuBytes = readMtu(object, addresses);
  return {
    key,
    mac: readMac(object, key),
    label: readLabel(object),
    addresses,
    gateways: [readGateway(object, 4), readGateway(object, 6)].filter((gateway) => gateway !== undefined),
    routes: uniqueBy(readObjects(object, "routes").map(readRoute), (route) => prefixText(route.destination)),
    dns: readDns(object),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
  };
}

function parseObject(path: string, text: string): JsonObject {
  let content: JsonValue | undefined;
  try {
    content = JSON.parse(text) as JsonValue;
  } catch {
    // Said below: the parser's words would not name the key.
  }
  if (!isJsonObject(content)) throw badNetworking(path, text, "a JSON object");
  return content;
}

/** The `mac` field, else the key's own name: very old hosts name keys `public` and `private`. */
function readMac(object: NetworkingObject, key: string): string {
  const field = readField(object, "mac");
  const mac = parseMac(field === undefined ? key : scalarText(field));
  if (mac === undefined) throw badNetworking(`${object.at}mac`, field, "a MAC address");
  return mac;
}

function readLabel(object: NetworkingObject): string {
  const label = readField(object, "label");
  return typeof label === "string" ? printable(label) : "";
}

/** One line that no file format can take for more than a comment. */
function printable(text: string): string {
  // A backslash at the end of a line would join the next one to it (interfaces(5)).
  const line = text.replaceAll(/[\p{C}\p{Z}\\]+/gu, " ");
  return Array.from(line).slice(0, LABEL_MAX_CHARACTERS).join("").trim();
}

const addressLists = { 4: "ips", 6: "ip6s" } as const;

function readAddresses(object: NetworkingObject, family: Family): Prefix[] {
  const enabled = readObjects(object, addressLists[family]).filter(isEnabled);
  const prefixes = enabled.map((entry) => {
    const address = readAddress(entry, ["ip", "address"], family);
    if (address === undefined) throw badNetworking(`${entry.at}ip`, undefined, `an IPv${family} address`);
    if (!isUnicast(address))
      throw badNetworking(`${entry.at}ip`, address.text, "an address of one interface");
    return { address, prefixLength: readPrefixLength(entry, family, 1) };
  });
  return uniqueBy(prefixes, (prefix) => prefix.address.text);
}

/** Hosts disagree on what a missing `enabled` means; here it means yes, as Nova always writes "1". */
function isEnabled(entry: NetworkingObject): boolean {
  const value = readField(entry, "enabled") ?? true;
  const text = scalarText(value).toLowerCase();
  if (["0", "false"].includes(text)) return false;
  if (["1", "true"].includes(text)) return true;
  throw badNetworking(`${entry.at}enabled`, value, '"1" or "0"');
}

// Oldest name last: `gateway6` is from before Nova.
const gatewayFields = { 4: ["gateway"], 6: ["gateway_v6", "gateway6"] } as const;

/** The link's own gateway, else that of its first enabled address that has one. */
function readGateway(object: NetworkingObject, family: Family): IpAddress | undefined {
  const entries = readObjects(object, addressLists[family]).filter(isEnabled);
  const own = entries.map((entry) => readAddress(entry, ["gateway"], family));
  return readAddress(object, gatewayFields[family], family) ?? own.find((gateway) => gateway !== undefined);
}

/** The list is IPv4's alone on every known host; an IPv6 destination is understood all the same. */
function readRoute(entry: NetworkingObject): LinkRoute {
  const value = readField(entry, "route");
  const address = parseAddress(scalarText(value));
  if (address === undefined) throw badNetworking(`${entry.at}route`, value, "an IP address");
  const prefixLength = readPrefixLength(entry, address.family, 0);
  const gateway = readAddress(entry, ["gateway"], address.family);
  if (gateway === undefined) {
    throw badNetworking(`${entry.at}gateway`, undefined, `an IPv${address.family} address`);
  }
  const destination = { address: networkOf({ address, prefixLength }), prefixLength };
  return { destination, gateway };
}

function readDns(object: NetworkingObject): IpAddress[] {
  const servers = readList(object, "dns").map((value, index) => {
    const address = parseAddress(scalarText(value));
    if (address === undefined) throw badNetworking(`${object.at}dns[${index}]`, value, "an IP address");
    return address;
  });
  return uniqueBy(servers, (server) => server.text);
}

function readMtu(object: NetworkingObject, addresses: readonly Prefix[]): number | undefined {
  const value = readField(object, "mtu");
  if (value === undefined) return undefined;
  const mtu = /^\d+$/.test(scalarText(value)) ? Number(value) : Number.NaN;
  const least = addresses.some(({ address }) => address.family === 6) ? MTU_MIN_IPV6_BYTES : MTU_MIN_BYTES;
  if (!(mtu >= least && mtu <= MTU_MAX_BYTES)) {
    throw badNetworking(`${object.at}mtu`, value, `a number from ${least} to ${MTU_MAX_BYTES}`);
  }
  return mtu;
}

function uniqueBy<Value>(values: readonly Value[], nameOf: (value: Value) => string): Value[] {
  const names = values.map(nameOf);
  return values.filter((_value, index) => names.indexOf(names[index] ?? "") === index);
}
