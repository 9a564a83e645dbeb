/** Every limit of a registration, by name. */

/** Characters of a key or name: the columns that Candlepin, the server, keeps them in. */
export const REGISTRATION_TEXT_MAX = 255;

/** Servers that are named; the RHN client asks them one after the other. */
export const DOMAINS_MAX = 16;
