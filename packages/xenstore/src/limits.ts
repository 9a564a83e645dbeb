/** Every limit of this package, by name. Sources: xs_wire.h; xenstored's built-in quotas. */

/** Bytes of a packet's header: type, request id, transaction id, length, each a little-endian u32. */
export const HEADER_BYTES = 16;

/** Largest payload of one packet, in bytes (xs_wire.h, XENSTORE_PAYLOAD_MAX). */
export const PAYLOAD_MAX_BYTES = 4096;

/** Longest absolute path the protocol knows, in bytes (xs_wire.h, XENSTORE_ABS_PATH_MAX). */
export const ABSOLUTE_PATH_MAX_BYTES = 3072;

/** Longest relative path the protocol knows, in bytes (xs_wire.h, XENSTORE_REL_PATH_MAX). */
export const RELATIVE_PATH_MAX_BYTES = 2048;

/**
 * Largest answer a client takes, in bytes. oxenstored sends lists of dom0 that are over 4096 bytes in one
 * packet; this one has room for every domain of a host.
 */
export const ANSWER_MAX_BYTES = 1024 * 1024;

/** Unsent bytes above which a transport's `send` returns false. */
export const TRANSPORT_QUEUE_BYTES = 65_536;

/** Bytes asked of /dev/xen/xenbus in one read. */
export const XENBUS_READ_BYTES = 16_384;

/** How long a client's request may wait for its answer, unless the caller says otherwise. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Requests of one client that wait for an answer or for the connection; more are refused with EBUSY. */
export const CLIENT_REQUESTS_MAX = 16_384;

/** How long a client waits for a connection to be made before it counts as failed. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Pause before a client's first attempt to connect again; it doubles with every failure. */
export const RECONNECT_DELAY_MIN_MS = 100;

/** Longest pause between two attempts to connect again. */
export const RECONNECT_DELAY_MAX_MS = 10_000;

/** How often a client runs a transaction that meets conflicts before it gives up with EAGAIN. */
export const TRANSACTION_ATTEMPTS_MAX = 100;

/** How many of these attempts may end in EIO, which means a conflict or that the server is ill. */
export const TRANSACTION_FAULTS_MAX = 10;

/** Changed paths that one watch holds until its user takes them; above, they become "look again". */
export const WATCH_BUFFER_EVENTS_MAX = 1000;

/** How often a long listing starts again because the node changed meanwhile, before EAGAIN. */
export const LISTING_RESTARTS_MAX = 10;

/** Longest list of children a client puts together, in bytes of their names. */
export const LISTING_MAX_BYTES = 16 * 1024 * 1024;

/** Bytes of replies one server session holds back before it stops reading from its client. */
export const SESSION_OUTPUT_MAX_BYTES = 65_536;

/** Bytes a session of dom0 may leave untaken when an event comes; above, it is closed. */
export const SESSION_EVENTS_MAX_BYTES = 4_194_304;

/** The same for a session of a guest. */
export const GUEST_SESSION_EVENTS_MAX_BYTES = 262_144;

/** How many transactions of others a guest may make fail at once before it must wait (oxenstored). */
export const CONFLICT_CREDIT_MAX = 5;

/** How long a guest waits until it may make one more fail (oxenstored). */
export const CONFLICT_CREDIT_INTERVAL_MS = 50;

/** Clients that one guest's socket serves at once; more are turned away. */
export const DOMAIN_CONNECTIONS_MAX = 32;

/** Clients that dom0's socket serves at once; more are turned away. */
export const DOM0_CONNECTIONS_MAX = 4096;

/** How often a server tries to take a socket's name from dead ones, while others try as well. */
export const CLAIM_ATTEMPTS_MAX = 10;

/** Longest path of a unix socket, in bytes without its nul (unix(7), sun_path). */
export const SOCKET_PATH_MAX_BYTES = 107;
