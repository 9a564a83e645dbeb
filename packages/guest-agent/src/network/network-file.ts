import { AgentError } from "../errors.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ownValue,
  type RequestValue,
} from "../protocol/request.ts";
import { parseHostname } from "../os/hostname.ts";
import {
  gatherWanted,
  understand,
  understandNetwork,
  type Understood,
  type WantedGuest,
} from "./wanted-guest.ts";
import type { WantedLink } from "./wanted-link.ts";

const FORM = '{"hostname": "...", "networking": {"<key>": {...}}} or a list of networks, each with its "mac"';

/**
 * Reads a network from JSON: an object whose `networking` has what `vm-data/networking` has, key by key,
 * and which may have a `hostname`; or a list of such networks, which then need their `mac`. `name` is
 * how the file is called in messages. Throws AGENT_BAD_PAYLOAD for a file that has neither form.
 */
export function parseNetworkFile(text: string, name: string): WantedGuest {
  const content = parseJson(text, name);
  if (Array.isArray(content)) {
    const networks = content as readonly JsonValue[];
    const links = networks.map((fields, index) =>
      understandNetwork(fields, { key: "", at: `${name}: [${index}]` }),
    );
    return gatherWanted(links, { value: undefined });
  }
  if (!isJsonObject(content)) throw badFile(`${name} is no object and no list`);
  const unknown = Object.keys(content).find((key) => key !== "hostname" && key !== "networking");
  if (unknown !== undefined)
    throw badFile(`${name} has the key ${JSON.stringify(unknown)}, which means nothing`);
  return gatherWanted(readLinks(content, name), readHostname(content, name));
}

function parseJson(text: string, name: string): RequestValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(`${name} is not JSON (${reason})`, error);
  }
}

function readLinks(content: JsonObject, name: string): Understood<WantedLink>[] {
  const networking = ownValue(content, "networking") ?? {};
  if (!isJsonObject(networking)) throw badFile(`"networking" in ${name} is no object`);
  return Object.entries(networking).map(([key, fields]) =>
    understandNetwork(fields, { key, at: `${name}: networking[${JSON.stringify(key)}]` }),
  );
}

function readHostname(content: JsonObject, name: string): Understood<string | undefined> {
  const hostname = ownValue(content, "hostname") ?? "";
  if (typeof hostname !== "string") throw badFile(`"hostname" in ${name} is no text`);
  return understand(() =>
    hostname.trim() === "" ? undefined : parseHostname(hostname, `${name}: hostname`),
  );
}

function badFile(fault: string, cause?: unknown): AgentError {
  return new AgentError("AGENT_BAD_PAYLOAD", `${fault}; it has to be ${FORM}`, { cause });
}
