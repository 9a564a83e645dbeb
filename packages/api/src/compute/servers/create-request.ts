import * as z from "zod/mini";
import {
  FILE_MAX_BYTES,
  FILE_PATH_MAX_CHARACTERS,
  FILES_MAX,
  NETWORKS_PER_SERVER_MAX,
  SERVERS_PER_REQUEST_MAX,
} from "../limits.ts";
import { displayName, id, metadata, secretText } from "../schemas.ts";

const howMany = z.pipe(
  z.pipe(
    z.union([z.number(), z.string().check(z.regex(/^\d{1,9}$/)), z.null()]),
    z.transform((value) => (value === null ? 1 : Number(value))),
  ),
  z.int().check(z.gte(1), z.lte(SERVERS_PER_REQUEST_MAX)),
);

/** Base64, with the line breaks that Python's encoder makes. */
const contents = z.pipe(
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text) => text.replaceAll(/\s/g, "")),
    ),
    z.base64().check(z.maxLength(Math.ceil(FILE_MAX_BYTES / 3) * 4)),
  ),
  z.transform((text) => new Uint8Array(Buffer.from(text, "base64"))),
);

const file = z.strictObject({
  path: z.string().check(z.minLength(1), z.maxLength(FILE_PATH_MAX_CHARACTERS)),
  contents,
});

const network = z.object({
  uuid: z.optional(id),
  port: z.optional(z.nullable(id)),
  fixed_ip: z.optional(z.nullable(z.union([z.ipv4(), z.ipv6()]))),
});

const networks = z.array(network).check(z.maxLength(NETWORKS_PER_SERVER_MAX));

/** The id of a reference, which may be the whole address of what it means, as clients of old give it. */
const reference = z.pipe(
  z.union([id, z.int()]),
  z.transform((value) => String(value).split("/").at(-1) ?? ""),
);

const server = z.object({
  name: displayName,
  imageRef: reference,
  flavorRef: reference,
  metadata: z.optional(metadata),
  adminPass: z.optional(secretText),
  key_name: z.optional(z.nullable(id)),
  min_count: z.optional(howMany),
  max_count: z.optional(howMany),
  return_reservation_id: z.optional(z.union([z.boolean(), z.stringbool()])),
  availability_zone: z.optional(z.nullable(z.string())),
  // Things that there are not here are refused where leaving them out would be a lie.
  user_data: z.optional(z.nullable(z.undefined())),
});

const files = z.optional(z.array(file).check(z.maxLength(FILES_MAX)));
const choice = z.union([networks, z.enum(["auto", "none"])]);

/** What `server` is in a body, as it came to be: until 2.36, 2.37 to 2.56, and since (nova api-ref, "Create Server"). */
export const createBodies = {
  until36: z.object({ server: z.extend(server, { personality: files, networks: z.optional(networks) }) }),
  until56: z.object({ server: z.extend(server, { personality: files, networks: choice }) }),
  since57: z.object({
    server: z.extend(server, { personality: z.optional(z.undefined()), networks: choice }),
  }),
} as const;

type Body = z.output<(typeof createBodies)[keyof typeof createBodies]>;

/** What a new server is asked to be, in any version. */
export type ServerRequest = Body["server"];
