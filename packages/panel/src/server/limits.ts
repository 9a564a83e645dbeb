/** Every limit of the panel's server, by name. */

/** How hard brotli works: the hardest, as it is done once a start (RFC 7932 has no levels; zlib's manual has). */
export const BROTLI_QUALITY = 11;

/** How hard gzip works. */
export const GZIP_LEVEL = 9;

/** How many characters of a digest tell one state of a file from another. */
export const ETAG_CHARACTERS = 22;
