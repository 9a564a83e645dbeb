import { type KeyPair, keyPairsAnswer, madeKeyPairAnswer } from "../model/key-pair.ts";
import type { ApiClient } from "./api-client.ts";

/** The key pairs of whoever is signed in (nova api-ref, "Keypairs"). */

const PATH = "/compute/v2.1/os-keypairs";

export async function listKeyPairs(
  client: Pick<ApiClient, "get">,
  signal: AbortSignal,
): Promise<readonly KeyPair[]> {
  return (await client.get(PATH, keyPairsAnswer, signal)).keypairs.map(({ keypair }) => keypair);
}

/** Resolves to the private half, which is told this once. */
export async function createKeyPair(client: Pick<ApiClient, "ask">, name: string): Promise<string> {
  const body = { keypair: { name } };
  const { keypair } = await client.ask("POST", PATH, { body, answer: madeKeyPairAnswer });
  return keypair.private_key;
}

export function importKeyPair(
  client: Pick<ApiClient, "send">,
  key: { readonly name: string; readonly publicKey: string },
): Promise<void> {
  return client.send("POST", PATH, { keypair: { name: key.name, public_key: key.publicKey.trim() } });
}

export function deleteKeyPair(client: Pick<ApiClient, "send">, name: string): Promise<void> {
  return client.send("DELETE", `${PATH}/${encodeURIComponent(name)}`);
}
