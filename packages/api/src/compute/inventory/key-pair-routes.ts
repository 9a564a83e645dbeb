import type { KeyPair } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import type { Microversion } from "../../microversion.ts";
import { recordChange } from "../../record-change.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { PUBLIC_KEY_MAX_CHARACTERS } from "../limits.ts";
import { displayName } from "../schemas.ts";
import { viewPreciseTime } from "../timestamps.ts";
import { fingerprintOf, generateKey } from "./public-key.ts";

const path = "/v2.1/os-keypairs";

/** A key pair as lists have it (nova api-ref, "Keypairs (keypairs)"). */
export function viewKeyPair({ name, publicKey, fingerprint }: KeyPair, microversion: Microversion): object {
  const type = microversion >= 2 ? { type: "ssh" } : {};
  return { name, public_key: publicKey, fingerprint, ...type };
}

/** Public keys of users, for their servers. */
export function keyPairRoutes(options: ComputeOptions): readonly Route[] {
  return [listKeyPairs(options), showKeyPair(options), createKeyPair(options), deleteKeyPair(options)];
}

function listKeyPairs({ database }: ComputeOptions): Route {
  return route({
    name: "listKeyPairs",
    method: "GET",
    path,
    summary: "List your key pairs",
    role: "reader",
    handle: async ({ requester, microversion }) => {
      const keyPairs = await database.inventory.keyPairs(requester.userId);
      return {
        body: { keypairs: keyPairs.map((keypair) => ({ keypair: viewKeyPair(keypair, microversion) })) },
      };
    },
  });
}

function showKeyPair({ database }: ComputeOptions): Route {
  return route({
    name: "showKeyPair",
    method: "GET",
    path: `${path}/:name`,
    summary: "Show one of your key pairs",
    role: "reader",
    handle: async ({ requester, params, microversion }) => {
      const keyPair = await database.inventory.findKeyPair(requester.userId, params.name);
      if (keyPair === undefined) throw notFound(params.name);
      const { userId, createdAt } = keyPair;
      const ownerAndTimes = {
        user_id: userId,
        created_at: viewPreciseTime(createdAt),
        updated_at: null,
        deleted: false,
        deleted_at: null,
      };
      return {
        body: { keypair: { ...viewKeyPair(keyPair, microversion), id: params.name, ...ownerAndTimes } },
      };
    },
  });
}

function createKeyPair(options: ComputeOptions): Route {
  return route({
    name: "createKeyPair",
    method: "POST",
    path,
    summary: "Keep a public key, or make a pair whose private half is answered once",
    role: "member",
    body: z.object({
      keypair: z.object({
        name: displayName,
        public_key: z.optional(z.nullable(z.string().check(z.maxLength(PUBLIC_KEY_MAX_CHARACTERS)))),
        type: z.optional(z.literal("ssh")),
      }),
    }),
    handle: async ({ requester, body, microversion }) => {
      const { name, public_key: given } = body.keypair;
      const { userId } = requester;
      const generated = typeof given === "string" ? undefined : await generateKey("Generated-by-Nova");
      const publicKey = generated?.publicKey ?? given?.trim() ?? "";
      const fingerprint = fingerprintOf(publicKey);
      const keyPair: KeyPair = { userId, name, publicKey, fingerprint, createdAt: options.now() };
      await insert(options, keyPair);
      await recordChange(options, requester, { what: "createKeyPair", target: name });
      const privateKey = generated === undefined ? {} : { private_key: generated.privateKey };
      const shown = { ...viewKeyPair(keyPair, microversion), user_id: userId, ...privateKey };
      return { status: microversion >= 2 ? 201 : 200, body: { keypair: shown } };
    },
  });
}

async function insert({ database }: ComputeOptions, keyPair: KeyPair): Promise<void> {
  const { userId, name } = keyPair;
  if ((await database.inventory.findKeyPair(userId, name)) !== undefined) {
    throw new ApiError("CONFLICT", `Key pair '${name}' already exists.`);
  }
  await database.inventory.insertKeyPair(keyPair);
}

/** Answered 202 before version 2.2. */
function deleteKeyPair(options: ComputeOptions): Route {
  return route({
    name: "deleteKeyPair",
    method: "DELETE",
    path: `${path}/:name`,
    summary: "Forget one of your key pairs",
    role: "member",
    success: 204,
    handle: async ({ requester, params, microversion }) => {
      const isRemoved = await options.database.inventory.removeKeyPair(requester.userId, params.name);
      if (!isRemoved) throw notFound(params.name);
      await recordChange(options, requester, { what: "deleteKeyPair", target: params.name });
      return { status: microversion >= 2 ? 204 : 202 };
    },
  });
}

function notFound(name: string): ApiError {
  return new ApiError("NOT_FOUND", `Keypair ${name} not found`);
}
