/** Every limit of this package, by name. Sources: xs_wire.h; xenstored's built-in quotas. */

/** Bytes of a packet's header: type, request id, transaction id, length, each a little-endian u32. */
export const HEADER_BYTES = 16;

/** Largest payload of one packet, in bytes (xs_wire.h, XENSTORE_PAYLOAD_MAX). */
export const PAYLOAD_MAX_BYTES = 4096;

/** Longest absolute path the protocol knows, in bytes (xs_wire.h, XENSTORE_ABS_PATH_MAX). */
export const ABSOLUTE_PATH_MAX_BYTES = 3072;

/** Longest relative path the protocol knows, in bytes (xs_wire.h, XENSTORE_REL_PATH_MAX). */
export const RELATIVE_PATH_MAX_BYTES = 2048;
