import * as z from "zod/mini";
import { KEY_NAME_MAX_CHARACTERS, PUBLIC_KEY_MAX_CHARACTERS } from "../limits.ts";

const keyPair = z.object({ name: z.string(), public_key: z.string(), fingerprint: z.string() });

/** A user's key pair, of which the service knows the public half (nova api-ref, "Keypairs"). */
export type KeyPair = z.output<typeof keyPair>;

export const keyPairsAnswer = z.object({ keypairs: z.array(z.object({ keypair: keyPair })) });
/** Of a pair that the service has made: it tells the private half this once. */
export const madeKeyPairAnswer = z.object({ keypair: z.extend(keyPair, { private_key: z.string() }) });

const KINDS =
  /^(?:ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/u;

/** Why a key pair cannot have this name; undefined when it can. */
export function keyNameProblem(name: string, others: readonly string[]): string | undefined {
  if (name === "") return "Type a name";
  if (name !== name.trim()) return "A name has no space at either end";
  if (/\p{C}/u.test(name)) return "A name has no control characters";
  if (name.length > KEY_NAME_MAX_CHARACTERS) return `No more than ${KEY_NAME_MAX_CHARACTERS} characters`;
  return others.includes(name) ? "You have a key pair of this name" : undefined;
}

/** Why this is no public key for SSH (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"); undefined when it is one. */
export function publicKeyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === "") return "Paste a public key";
  if (key.includes("PRIVATE KEY")) {
    return "This is the private half, which nobody else may have. Paste the public one, of the file that ends in .pub";
  }
  if (key.includes("\n")) return "A public key is one line";
  if (key.length > PUBLIC_KEY_MAX_CHARACTERS) return `No more than ${PUBLIC_KEY_MAX_CHARACTERS} characters`;
  const [kind = "", data = ""] = key.split(/[ \t]+/u);
  if (!KINDS.test(kind)) return "It begins with its kind, such as ssh-ed25519 or ssh-rsa";
  return /^[A-Za-z0-9+/]{40,}={0,2}$/u.test(data)
    ? undefined
    : "Its second part is not whole: copy the line anew";
}

/** What the kind of a public key is called. */
export function kindOfKey({ public_key: key }: Pick<KeyPair, "public_key">): string {
  const [kind = ""] = key.split(" ", 1);
  if (kind === "ssh-rsa") return "RSA";
  if (kind.includes("ed25519")) return kind.startsWith("sk-") ? "Ed25519 on a security key" : "Ed25519";
  if (kind.includes("ecdsa")) return kind.startsWith("sk-") ? "ECDSA on a security key" : "ECDSA";
  return kind;
}

/** The name of a file for its private half, which any system takes. */
export function keyFileName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/gu, "-").replaceAll(/^[.-]+|[.-]+$/gu, "");
  return `${plain === "" ? "key" : plain}.pem`;
}
