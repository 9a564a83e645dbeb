import { decodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";

/** A value as JSON carries it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Look up with `ownValue`: it may be named like a property every object has. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What a request carries: text, number, object or nothing, each command says which. */
export type RequestValue = JsonValue | undefined;

/** A request of the host, as it stands in `data/host/<id>`. */
export interface Request {
  readonly name: string;
  readonly value: RequestValue;
}

/**
 * Reads the bytes of `data/host/<id>`: a JSON object with the text `name` and, for most commands, a
 * `value`. Throws AGENT_BAD_REQUEST with the texts that hosts know from the agents before this one.
 * Integers too large for a double come as their decimal text, because some hosts send the public
 * key of the exchange as a number.
 */
export function parseRequest(bytes: Uint8Array): Request {
  if (bytes.length === 0) throw new AgentError("AGENT_BAD_REQUEST", "Internal error with request");
  const text = decodeUtf8(bytes);
  const content = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !isJsonObject(content)) throw malformed();
  const name = ownValue(content, "name");
  if (name === undefined) throw new AgentError("AGENT_BAD_REQUEST", "Request is missing 'name' key");
  if (typeof name !== "string") throw malformed();
  const exact = parseJson(text.replaceAll(textOrNumber, quoteLargeInteger));
  return { name, value: isJsonObject(exact) ? ownValue(exact, "value") : undefined };
}

/** Whether a value is an object with keys, and no list. */
export function isJsonObject(value: RequestValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a key that the object itself has, never one that every object inherits. */
export function ownValue(object: JsonObject, key: string): RequestValue {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

// A text, or a number: in valid JSON nothing outside a text looks like a number but a number.
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // No cause: the parser's own words quote the request, which may hold a file or a password.
    throw malformed();
  }
}

function malformed(): AgentError {
  return new AgentError("AGENT_BAD_REQUEST", "Request is malformed");
}

function quoteLargeInteger(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
