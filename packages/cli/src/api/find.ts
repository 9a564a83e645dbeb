import { CliError } from "../errors.ts";
import type { ApiClient, ServiceType } from "./api-client.ts";
import { type Fields, listOf, textOf } from "./fields.ts";

interface Kind {
  readonly service: ServiceType;
  readonly path: string;
  /** The key of its lists. */
  readonly list: string;
  readonly word: string;
}

const kinds = {
  server: { service: "compute", path: "/servers", list: "servers", word: "server" },
  flavor: { service: "compute", path: "/flavors", list: "flavors", word: "flavor" },
  image: { service: "image", path: "/v2/images", list: "images", word: "image" },
  network: { service: "network", path: "/v2.0/networks", list: "networks", word: "network" },
} as const satisfies Readonly<Record<string, Kind>>;

/**
 * The id of what somebody means by an id or by a name. Throws API_NOT_FOUND, and BAD_ARGUMENT for a name
 * that several have.
 */
export async function findId(api: ApiClient, kind: keyof typeof kinds, meant: string): Promise<string> {
  const { service, path, list, word } = kinds[kind];
  const text = encodeURIComponent(meant);
  if (await isThere(api, service, `${path}/${text}`)) return meant;
  const { body } = await api.ask(service, { path: `${path}?name=${text}` });
  // Not every service takes the name as the whole of it, or at all.
  const found = listOf(body, list).filter((each: Fields) => each["name"] === meant);
  const [first, ...more] = found;
  if (first === undefined) throw new CliError("API_NOT_FOUND", `There is no ${word} "${meant}"`);
  if (more.length === 0) return textOf(first, "id");
  const ids = found.map((each) => textOf(each, "id")).join(", ");
  throw new CliError("BAD_ARGUMENT", `Several have the name "${meant}", give an id: ${ids}`);
}

async function isThere(api: ApiClient, service: ServiceType, path: string): Promise<boolean> {
  try {
    await api.ask(service, { path });
    return true;
  } catch (error) {
    if (error instanceof CliError && error.code === "API_NOT_FOUND") return false;
    throw error;
  }
}
