import { AgentError } from "../errors.ts";
import { isJsonObject, type JsonObject, ownValue, type RequestValue } from "../protocol/request.ts";
import { addressBits, type Family, type IpAddress, parseAddress, parseDottedMask } from "./address.ts";

/** A JSON object in `vm-data/networking`, with the way to it for messages: `vm-data/networking/X: ips[0]`. */
export interface NetworkingObject {
  readonly at: string;
  readonly fields: JsonObject;
}

/** The field's value; null and the empty text stand for a field that is not there, as hosts write both. */
export function readField(object: NetworkingObject, name: string): RequestValue {
  const value = ownValue(object.fields, name);
  return value === null || value === "" ? undefined : value;
}

/** The objects of a list; none when the field is not there. */
export function readObjects(object: NetworkingObject, name: string): NetworkingObject[] {
  return readList(object, name).map((fields, index) => {
    const at = `${object.at}${name}[${index}].`;
    if (!isJsonObject(fields)) throw badNetworking(at.slice(0, -1), fields, "an object");
    return { at, fields };
  });
}

/** The values of a list; none when the field is not there. */
export function readList(object: NetworkingObject, name: string): readonly RequestValue[] {
  const value = readField(object, name) ?? [];
  if (!Array.isArray(value)) throw badNetworking(object.at + name, value, "a list");
  return value as readonly RequestValue[];
}

/** The first of the fields that is there, as an address of the family. */
export function readAddress(
  object: NetworkingObject,
  names: readonly string[],
  family: Family,
): IpAddress | undefined {
  const name = names.find((each) => readField(object, each) !== undefined);
  if (name === undefined) return undefined;
  const value = readField(object, name);
  const address = parseAddress(scalarText(value));
  if (address?.family !== family) throw badNetworking(object.at + name, value, `an IPv${family} address`);
  return address;
}

/** A prefix length from `least`: a number, its text, or for IPv4 a dotted mask without a gap. */
export function readPrefixLength(object: NetworkingObject, family: Family, least: 0 | 1): number {
  const value = readField(object, "netmask");
  const length = prefixLengthOf(value, family);
  if (length === undefined || length < least || length > addressBits(family)) {
    const masks = family === 4 ? "a mask such as 255.255.255.0 or a prefix length" : "a prefix length";
    throw badNetworking(`${object.at}netmask`, value, `${masks} from ${least} to ${addressBits(family)}`);
  }
  return length;
}

function prefixLengthOf(value: RequestValue, family: Family): number | undefined {
  const text = scalarText(value);
  if (/^\d{1,3}$/.test(text)) return Number(text);
  return family === 4 ? parseDottedMask(text) : undefined;
}

/** A text without blanks around it, or the text of a number or boolean; empty for everything else. */
export function scalarText(value: RequestValue): string {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The error for a value that is not what its field needs, with where to put it right. */
export function badNetworking(at: string, value: RequestValue, wanted: string): AgentError {
  const fault =
    value === undefined
      ? `is missing; put ${wanted} there`
      : `is ${JSON.stringify(value).slice(0, 100)}, which is not ${wanted}; correct it there`;
  return new AgentError("AGENT_BAD_PAYLOAD", `${at} ${fault} and try again`);
}
