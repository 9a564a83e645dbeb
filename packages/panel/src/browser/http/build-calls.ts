import * as z from "zod/mini";
import { type BuildDraft, createBody } from "../model/build-draft.ts";
import { flavorsAnswer, imagesAnswer, type Inventory, keyNamesAnswer } from "../model/inventory.ts";
import type { ApiClient } from "./api-client.ts";
import { readNetworks } from "./network-calls.ts";

/** The last that takes files for a new server (nova api-ref, "Create Server", personality). */
const FILES_VERSION = "2.56";

const createAnswer = z.object({
  /** Without a password where nothing could give it to the guest. */
  server: z.object({ id: z.string(), adminPass: z.optional(z.string()) }),
});

/** Everything that a new server can be made of, the smallest size first; rescue systems are for others. */
export async function readInventory(client: Pick<ApiClient, "get">, signal: AbortSignal): Promise<Inventory> {
  const [{ images }, { flavors }, networks, { keypairs }] = await Promise.all([
    client.get("/image/v2/images", imagesAnswer, signal),
    client.get("/compute/v2.1/flavors/detail", flavorsAnswer, signal),
    readNetworks(client, signal),
    client.get("/compute/v2.1/os-keypairs", keyNamesAnswer, signal),
  ]);
  return {
    images: images.filter(({ image_type: type }) => type !== "rescue"),
    flavors: flavors.toSorted((left, right) => left.ram - right.ram || left.vcpus - right.vcpus),
    networks,
    keyNames: keypairs.map(({ keypair: { name } }) => name),
  };
}

/** A server that has been asked for. */
export interface CreatedServer {
  readonly id: string;
  /** Told this once; undefined where the server gets none. */
  readonly password: string | undefined;
}

/** Resolves once it is being built. */
export async function createServer(
  client: Pick<ApiClient, "ask">,
  draft: BuildDraft,
  password: string,
): Promise<CreatedServer> {
  const { server } = await client.ask("POST", "/compute/v2.1/servers", {
    body: createBody(draft, password),
    answer: createAnswer,
    version: FILES_VERSION,
  });
  return { id: server.id, password: server.adminPass };
}
