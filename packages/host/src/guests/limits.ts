/** Every limit of what is read of guests for people to look at, by name; times are in milliseconds. */

/** How many nodes of a guest are read: its quota allows some 1,000. */
export const GUEST_NODES_MAX = 512;

/** How deep below the domain they lie: `data/volumes/0/mount_points/0` is 5. */
export const GUEST_NODES_DEPTH = 6;

/** How much of a node's value is shown, in characters. */
export const GUEST_TEXT_MAX_CHARACTERS = 512;

/** How many requests or replies of one guest are told of. */
export const EXCHANGE_NODES_MAX = 64;

/** How long XenStore may take to answer whoever looks whether it is there. */
export const CONNECTOR_PROBE_MS = 2_000;
