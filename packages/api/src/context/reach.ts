/** How a client reaches the service, and from where. */
export interface Reach {
  /** Where: the public URL, or where the request came to. */
  readonly origin: string;
  /** Whether that is over TLS. */
  readonly isSecure: boolean;
  /** Whether a browser says that a page of another site asks. */
  readonly isFromElsewhere: boolean;
}

export function findReach(
  { url, headers }: Pick<Request, "url" | "headers">,
  publicUrl: string | undefined,
): Reach {
  const asked = new URL(url).origin;
  const origin = publicUrl?.replace(/\/+$/u, "") ?? asked;
  const { origin: publicOrigin, protocol } = new URL(origin);
  return {
    origin,
    isSecure: protocol === "https:",
    isFromElsewhere: isFromElsewhere(headers, [publicOrigin, asked]),
  };
}

/** Fetch Metadata, "Sec-Fetch-Site"; RFC 6454, section 7. What is no browser says nothing. */
function isFromElsewhere(headers: Headers, ownOrigins: readonly string[]): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return true;
  const origin = headers.get("origin");
  return origin !== null && !ownOrigins.includes(origin);
}
