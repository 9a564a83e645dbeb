/**
 * What every answer carries: it is data, neither a page nor a part of one, and nobody else's to keep
 * (OWASP REST Security Cheat Sheet, "Security Headers").
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Added where the answer went over TLS: a year. */
export const transportSecurity = { "Strict-Transport-Security": "max-age=31536000" } as const;
