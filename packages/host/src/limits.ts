/**
 * Every limit of this package, by name. The waits are Nova's (nova.conf, [xenserver] agent_timeout and its
 * sisters).
 */

/** How long a guest may take for one command, in milliseconds, unless the command has a limit of its own. */
export const COMMAND_TIMEOUT_MS = 30_000;

/** How long `resetnetwork` may take: the guest restarts its network before it answers. */
export const RESET_NETWORK_TIMEOUT_MS = 60_000;

/** How long to ask for the version in all, in calls of `COMMAND_TIMEOUT_MS`: the guest may still be booting. */
export const VERSION_TIMEOUT_MS = 300_000;

/**
 * How long a guest whose domain ended may take to come back under another domid, in milliseconds, unless
 * the command's limit comes first: long enough for a reboot, a migration or the restore of a small guest
 * by a host that has much to do, short enough for whoever destroyed the domain.
 */
export const GUEST_RETURN_TIMEOUT_MS = 60_000;

/**
 * How long a guest that moved while its password was set may take to answer the second `keyinit`, in
 * milliseconds, unless the caller says otherwise: it may have to boot first.
 */
export const GUEST_BOOT_TIMEOUT_MS = 120_000;

/** Longest wait that may be asked for, in milliseconds: one day. */
export const TIMEOUT_MAX_MS = 86_400_000;

/** Largest value oxenstored takes, from dom0 too, in bytes (oxenstored.conf, quota-maxsize). */
export const OXENSTORED_VALUE_MAX_BYTES = 2048;

/** Longest password, in bytes of UTF-8: its ciphertext fits every server and every `chpasswd`. */
export const PASSWORD_MAX_BYTES = 256;

/** Random bytes of the host's private key: more than the 107 bits of the prime, so every power is reached. */
export const PRIVATE_KEY_BYTES = 16;

/** Longest public number of a guest, in decimal digits: 2^107 has 33. */
export const PUBLIC_KEY_MAX_DIGITS = 64;

/** How many callers may wait for one guest while another exchange with it goes on. */
export const GUEST_QUEUE_MAX = 32;

/** How many unanswered requests are remembered, so that their late replies can be removed. */
export const LATE_REPLIES_MAX = 64;

/** How much of a reply that is not understood is shown in the error, in characters. */
export const SHOWN_REPLY_CHARACTERS = 120;

/** Largest message with findings of a guest's doctor, in characters: nova-agent's replies have 1,900 bytes. */
export const FINDINGS_MESSAGE_MAX_CHARACTERS = 16_384;

/** How many findings a guest may tell. */
export const FINDINGS_MAX = 200;

/** How much of what a guest says of one finding is kept, in characters. */
export const FINDING_MAX_CHARACTERS = 1000;

/** How many domains are read at the same time while listing them. */
export const DOMAINS_AT_ONCE = 32;

/** How long to wait before an operation that XenStore or the database failed is tried again, in milliseconds. */
export const OPERATION_RETRY_FIRST_MS = 250;

/** The same after many failures, each of which doubles it. */
export const OPERATION_RETRY_MAX_MS = 10_000;

/** How many replies that nobody waits for are removed from one guest at a time. */
export const LEFT_REPLIES_MAX = 64;

/** How many unfinished operations are recovered at a start; a ledger that is run properly has far fewer. */
export const OPERATIONS_RECOVERED_MAX = 100_000;

/** How long finished operations and deleted instances are kept, in milliseconds: 90 days. */
export const OPERATIONS_KEPT_MS = 7_776_000_000;

/** How long rows of the audit are kept, in milliseconds: 365 days. */
export const AUDIT_KEPT_MS = 31_536_000_000;

/** How often those that are older are removed, in milliseconds: every day. */
export const RETENTION_INTERVAL_MS = 86_400_000;

/** How many changes a feed keeps for those who come back to it. */
export const CHANGES_KEPT_MAX = 4096;

/** Of how many instances, operations and actions a feed's writers remember whose they are. */
export const OWNERS_REMEMBERED_MAX = 20_000;
