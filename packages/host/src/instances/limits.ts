/** Every limit of what is done with instances, by name; times are in milliseconds. */

/** How long a guest that boots may take until its agent answers (nova.conf, [xenserver] agent_version_timeout). */
export const BUILD_AGENT_TIMEOUT_MS = 300_000;

/** How many instances are built at once (nova.conf, max_concurrent_builds); the others wait for their turn. */
export const BUILDS_AT_ONCE_MAX = 10;

/** How long a guest may take to shut down when it is asked to, before it is ended. */
export const SHUTDOWN_TIMEOUT_MS = 60_000;

/** How long a network card that was plugged may take to appear in its guest, before it is asked for once more. */
export const CARD_APPEARS_MS = 2_000;

/**
 * How long an instance may have no domain before it counts as stopped: a reboot or a migration has a
 * moment between two domains.
 */
export const ABSENCE_MS = 10_000;

/** How long to wait before domains are looked at although nothing was heard of them. */
export const FOLLOW_ANYWAY_MS = 300_000;

/** How long to wait before domains are looked at again, when they could not be read. */
export const FOLLOW_RETRY_MS = 5_000;

/** How often guests are looked at for those whose agents are to be asked. */
export const PRESENCE_LOOK_MS = 30_000;

/** How long to wait at least between two of these looks, however many domains come. */
export const PRESENCE_PAUSE_MS = 1_000;

/** How long an agent may go unheard before it is asked whether it is there. */
export const AGENT_QUIET_MS = 180_000;

/** How long it may take to answer that. */
export const HEARTBEAT_TIMEOUT_MS = 15_000;

/** How many agents are asked that at once. */
export const HEARTBEATS_AT_ONCE_MAX = 8;

/** For how long a domain that came may boot: meanwhile its agent is asked more often, and silence means nothing. */
export const AGENT_BOOT_MS = 300_000;

/** How often it is asked meanwhile. */
export const AGENT_BOOT_RETRY_MS = 30_000;

/** When an agent was heard is written down once in this time at most, unless something changes. */
export const AGENT_SEEN_WRITTEN_MS = 60_000;

/** How many commands of an agent are remembered. */
export const AGENT_FEATURES_MAX = 64;

/** Longest name of a command that is remembered, in characters. */
export const AGENT_FEATURE_MAX_CHARACTERS = 64;

/** Longest version of an agent that is remembered, in characters. */
export const AGENT_VERSION_MAX_CHARACTERS = 64;
