import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import { type JsonObject, type RequestValue, isJsonObject, ownValue } from "../protocol/request.ts";
import { Secret, wipeableCopy } from "../secret.ts";
import { DOMAINS_MAX, REGISTRATION_TEXT_MAX } from "./limits.ts";
import { isRegistrationText } from "./registration-text.ts";

/** How the host wants the guest to be registered. */
export interface WantedRegistration {
  readonly activationKey: Secret;
  /** The name under which the guest is listed; undefined for its host name. */
  readonly profile: string | undefined;
  /** The organization that the key belongs to; undefined when the host does not say. */
  readonly org: string | undefined;
  /** Host names of the servers, each with or without a port; none for those that the guest has set. */
  readonly domains: readonly string[];
}

/**
 * Reads the value of `kmsactivate`: an object of `activation_key`, `profile` and `domains`, a text or a
 * list, and `org`, which hosts of the older agents do not send. Throws AGENT_BAD_PAYLOAD, which never
 * quotes the key.
 */
export function parseRegistration(value: RequestValue): WantedRegistration {
  if (!isJsonObject(value)) {
    throw badValue("Activation data must be an object with activation_key, profile and domains");
  }
  const [profile, org] = [readText(value, "profile"), readText(value, "org")];
  const domains = readDomains(ownValue(value, "domains"));
  const key = readText(value, "activation_key");
  if (key === undefined) throw badValue("Activation data has no activation_key");
  if (!isPlain(key)) {
    throw badValue("activation_key must be of ASCII characters without quotes and backslashes");
  }
  return { activationKey: new Secret(wipeableCopy(encodeUtf8(key))), profile, org, domains };
}

function readText(value: JsonObject, name: string): string | undefined {
  const text = ownValue(value, name) ?? "";
  if (text === "") return undefined;
  if (typeof text === "string" && isRegistrationText(text)) return text;
  const wanted = `a text of at most ${REGISTRATION_TEXT_MAX} printable characters that does not begin with "-"`;
  throw badValue(`${name} must be ${wanted}`);
}

// Python spells others in escapes when it complains, where the key could not be found and hidden.
function isPlain(key: string): boolean {
  return /^[ -~]+$/.test(key) && !/["'\\]/.test(key);
}

function readDomains(value: RequestValue): readonly string[] {
  const all = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  if (all.length > DOMAINS_MAX) throw badValue(`domains must not be more than ${DOMAINS_MAX}`);
  return all.flatMap((domain: RequestValue) => {
    if (domain === "") return [];
    if (typeof domain === "string" && isServer(domain)) return [domain];
    throw badValue("domains must be a host name or a list of host names, each with or without :port");
  });
}

function isServer(text: string): boolean {
  return /^(?=.{1,253}(?::|$))[A-Za-z\d](?:[A-Za-z\d.-]*[A-Za-z\d])?(?::\d{1,5})?$/.test(text);
}

function badValue(message: string): AgentError {
  return new AgentError("AGENT_BAD_PAYLOAD", message);
}
