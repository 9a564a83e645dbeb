import { ApiError } from "../errors.ts";
import {
  ADDRESS_FAILURES_MAX,
  AUTHENTICATION_FAILURES_MAX,
  AUTHENTICATION_KEYS_MAX,
  AUTHENTICATION_WINDOW_MS,
} from "../limits.ts";
import { networkOfAddress } from "./address-network.ts";

/** Who tries to authenticate. */
export interface Attempt {
  /** The name or id that the client gave. */
  readonly name: string;
  readonly address: string;
}

interface Count {
  failures: number;
  readonly since: number;
}

/**
 * Bounds how often somebody may fail to authenticate, by user name and address, and by address alone: who
 * guesses the passwords of others locks nobody else out. The addresses of one IPv6 network are one. Attempts count from their beginning, so that many
 * at once are no way around.
 */
export class FailureLimit {
  readonly #now: () => Date;
  readonly #counts = new Map<string, Count>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Runs an attempt, which fails by throwing. Throws TOO_MANY_REQUESTS when there were too many. */
  async run<T>({ name, address }: Attempt, attempt: () => Promise<T>): Promise<T> {
    const network = networkOfAddress(address);
    // Who is refused here adds no more names, which would push others' failures out.
    const all = this.#count(JSON.stringify([network]), ADDRESS_FAILURES_MAX);
    const own = this.#count(JSON.stringify([network, name]), AUTHENTICATION_FAILURES_MAX);
    own.failures += 1;
    all.failures += 1;
    let isRefused = false;
    try {
      return await attempt();
    } catch (error) {
      // What the host could not do is nobody's wrong password.
      isRefused = error instanceof ApiError;
      throw error;
    } finally {
      own.failures -= isRefused ? 0 : 1;
      all.failures -= isRefused ? 0 : 1;
    }
  }

  #count(key: string, failuresMax: number): Count {
    const now = this.#now().getTime();
    const known = this.#counts.get(key);
    if (known !== undefined && now - known.since < AUTHENTICATION_WINDOW_MS) {
      if (known.failures < failuresMax) return known;
      const retryAfterSeconds = Math.ceil((known.since + AUTHENTICATION_WINDOW_MS - now) / 1000);
      throw new ApiError(
        "TOO_MANY_REQUESTS",
        `Authentication failed too often; try again in ${retryAfterSeconds} s`,
        { retryAfterSeconds },
      );
    }
    const count: Count = { failures: 0, since: now };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > AUTHENTICATION_KEYS_MAX) this.#forgetOldest();
    return count;
  }

  #forgetOldest(): void {
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}
