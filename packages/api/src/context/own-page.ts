import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Reach } from "./reach.ts";

/** Methods that change nothing (RFC 9110, 9.2.1), as far as there are routes of them. */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * What a page of ours sends with what it changes, in `X-CSRF-Token`: other sites' pages may have the browser
 * send the session's cookie, but can neither read this nor set the header (OWASP, "Cross-Site Request Forgery
 * Prevention Cheat Sheet"). It tells nothing of the token.
 */
export function csrfTokenOf(token: string): string {
  return createHmac("sha256", token).update("csrf").digest("base64url");
}

/** A request that came with a session's cookie. */
export interface SessionRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly reach: Pick<Reach, "isFromElsewhere">;
  readonly token: string;
}

/** Throws FORBIDDEN when it would change something, and no page of ours has sent it. */
export function requireOwnPage({ method, headers, reach, token }: SessionRequest): void {
  if (safeMethods.has(method)) return;
  requireNoOtherSite(reach);
  const sent = headers.get("x-csrf-token");
  if (sent !== null && isSame(sent, csrfTokenOf(token))) return;
  throw new ApiError("FORBIDDEN", "The header X-CSRF-Token is not the session's; read it anew");
}

/** Throws FORBIDDEN when a page of another site asks. */
export function requireNoOtherSite({ isFromElsewhere }: Pick<Reach, "isFromElsewhere">): void {
  if (isFromElsewhere) throw new ApiError("FORBIDDEN", "A page of another site has sent this");
}

/** How long it takes tells nothing. */
function isSame(left: string, right: string): boolean {
  const [first, second] = [left, right].map((text) => createHash("sha256").update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
