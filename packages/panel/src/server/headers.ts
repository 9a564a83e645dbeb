/**
 * What a page may do: run and show what comes from here, ask nobody but here, be framed by nobody, and turn
 * no text into code (Content Security Policy Level 3; Trusted Types).
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** What every answer of the panel carries (OWASP HTTP Headers Cheat Sheet). */
const common: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Added where the answer goes over TLS: a year, as the API has it. */
const TRANSPORT_SECURITY = "max-age=31536000";

/** A year (RFC 9111, 5.2.2.1): the name changes with the bytes, so they never do (RFC 8246). */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** The headers of an answer: pages are asked for anew each time, assets once. */
export function headersFor({
  url,
  kind,
}: {
  readonly url: string;
  readonly kind: "page" | "asset";
}): Headers {
  const headers = new Headers(common);
  headers.set("Cache-Control", kind === "page" ? "no-store" : IMMUTABLE);
  headers.set("Vary", "Accept-Encoding");
  if (url.startsWith("https:")) headers.set("Strict-Transport-Security", TRANSPORT_SECURITY);
  return headers;
}
