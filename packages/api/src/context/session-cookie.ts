import type { Reach } from "./reach.ts";

/**
 * Names of the cookie. Over TLS browsers take it only of this host and by TLS (RFC 6265bis, "The __Host-
 * Prefix"); without, where the service listens at loopback alone, they would not take it so.
 */
const names = { secure: "__Host-nova-session", plain: "nova-session" } as const;

type Secured = Pick<Reach, "isSecure">;

/** The token in the cookie of a session; undefined when there is none. */
export function readSessionCookie(headers: Headers, { isSecure }: Secured): string | undefined {
  const prefix = `${nameOf({ isSecure })}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const token = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  return token === "" ? undefined : token;
}

/**
 * What sets the cookie: it goes with the browser, is sent to nobody else, for no other site's page, and no
 * script sees it (RFC 6265bis, "The Set-Cookie Header Field").
 */
export function encodeSessionCookie(token: string, reach: Secured): string {
  return `${nameOf(reach)}=${token}; ${attributesOf(reach)}`;
}

/** What takes it away. */
export function encodeNoSessionCookie(reach: Secured): string {
  return `${nameOf(reach)}=; Max-Age=0; ${attributesOf(reach)}`;
}

function nameOf({ isSecure }: Secured): string {
  return isSecure ? names.secure : names.plain;
}

function attributesOf({ isSecure }: Secured): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
