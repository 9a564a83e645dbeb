import type { IdentityRepository, Log, TokenScope } from "@nova-agent/host";
import { ApiError } from "../errors.ts";
import type { CallFacts } from "../route.ts";
import type { AuthRequest } from "./auth-request.ts";
import { authenticate, nameOf } from "./authenticate.ts";
import { FailureLimit } from "./failure-limit.ts";

export interface TokenIssuerOptions {
  readonly identity: IdentityRepository;
  readonly now: () => Date;
  readonly log: Log;
}

/** A token, and what it is for. */
export interface IssuedToken {
  readonly token: string;
  readonly scope: TokenScope;
}

/** Gives tokens to those who show who they are. Whoever guesses is bounded, whichever way they come. */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #limit: FailureLimit;

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
    this.#limit = new FailureLimit(options.now);
  }

  /** Throws UNAUTHORIZED, and TOO_MANY_REQUESTS to who has failed too often. */
  async issue(
    auth: AuthRequest,
    {
      call: { requestId, address },
      lifetimeMs,
    }: { readonly call: Pick<CallFacts, "requestId" | "address">; readonly lifetimeMs: number },
  ): Promise<IssuedToken> {
    const { identity, now, log } = this.#options;
    const scope = await this.#limit
      .run({ name: nameOf(auth), address }, () => authenticate(identity, auth, { now: now(), lifetimeMs }))
      .catch((error: unknown) => {
        // Who guesses passwords is to be seen. What came as a name may be a password typed too early.
        if (error instanceof ApiError) {
          log.warn("authentication refused", { requestId, address, code: error.code });
        }
        throw error;
      });
    const token = await identity.issueToken(scope);
    log.info("token issued", { requestId, address, userId: scope.user.id });
    return { token, scope };
  }
}
