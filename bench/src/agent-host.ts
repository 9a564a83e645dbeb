import { createCipheriv, createHash } from "node:crypto";
import type { XenstoreClient } from "@nova-agent/xenstore";

/** An answer of the agent. */
export interface Reply {
  readonly returncode: string;
  readonly message: string;
}

/** Puts requests to one guest, one after the other, and sees their answers by a watch. */
export class BenchHost {
  readonly #client: XenstoreClient;
  readonly #base: string;
  readonly #waiters = new Map<string, () => void>();
  readonly #following: Promise<void>;
  readonly #close: () => Promise<void>;
  #requests = 0;

  constructor(client: XenstoreClient, domid: number) {
    this.#client = client;
    this.#base = `/local/domain/${domid}/data`;
    const watch = client.watch(`${this.#base}/guest`);
    this.#close = () => watch.close();
    this.#following = this.#follow(watch);
  }

  /** Asks, waits for the answer, and removes it. */
  async ask(name: string, value: string): Promise<{ readonly reply: Reply; readonly durationMs: number }> {
    this.#requests += 1;
    const requestId = `00000000-0000-4000-8000-${String(this.#requests).padStart(12, "0")}`;
    const path = `${this.#base}/guest/${requestId}`;
    const seen = new Promise<void>((resolve) => {
      this.#waiters.set(path, resolve);
    });
    const startedAtMs = performance.now();
    await this.#client.write(`${this.#base}/host/${requestId}`, JSON.stringify({ name, value }));
    await seen;
    const reply = JSON.parse(await this.#client.readText(path)) as Reply;
    const durationMs = performance.now() - startedAtMs;
    await this.#client.remove(path);
    return { reply, durationMs };
  }

  async close(): Promise<void> {
    await this.#close();
    await this.#following;
  }

  async #follow(watch: AsyncIterable<{ readonly path: string }>): Promise<void> {
    for await (const { path } of watch) {
      this.#waiters.get(path)?.();
      this.#waiters.delete(path);
    }
  }
}

const PRIME = 2n ** 107n - 1n;
const PRIVATE_KEY = 0x0123456789abcdef0123n;

/** The host's public key of the exchange. */
export const PUBLIC_KEY = power(5n).toString();

/** A password as Nova encrypts it, under the guest's public key. */
export function encryptPassword(guestKey: string, password: string): string {
  const shared = power(BigInt(guestKey)).toString();
  const key = createHash("md5").update(shared).digest();
  const iv = createHash("md5").update(key).update(shared).digest();
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([cipher.update(`${password}\n`), cipher.final()]).toString("base64");
}

/** `base` to the power of the host's private key. */
function power(base: bigint): bigint {
  let result = 1n;
  for (const bit of PRIVATE_KEY.toString(2)) result = (result * result * (bit === "1" ? base : 1n)) % PRIME;
  return result;
}
