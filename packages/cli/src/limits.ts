/** Every limit of this package, by name. */

/** How long something may take before its progress is shown, in milliseconds. */
export const PROGRESS_AFTER_MS = 1000;

/** How often a shown progress is brought up to date, in milliseconds. */
export const PROGRESS_EVERY_MS = 1000;

/** Most bytes read from standard input or a file: more than any packet of XenStore could carry. */
export const INPUT_MAX_BYTES = 65_536;

/** Characters of a password that guestctl makes: 20 of 56 kinds are 116 bits. */
export const GENERATED_PASSWORD_CHARACTERS = 20;

/** How much of a value `ls` shows without --json, in characters. */
export const SHOWN_VALUE_CHARACTERS = 64;

/** Most nodes that one `ls` reads. */
export const TREE_NODES_MAX = 200_000;

/** How many nodes `ls` reads at the same time. */
export const NODES_AT_ONCE = 64;

/** Largest answer of the API, in bytes: a page of 1,000 operations with their timelines fits. */
export const API_ANSWER_MAX_BYTES = 16_777_216;

/** How long one request to the API may take, in milliseconds: it waits for guests. */
export const API_TIMEOUT_MS = 300_000;

/** How often the API is asked how far something is, in milliseconds. */
export const API_POLL_MS = 500;

/** How long a build, a rescue or its end may take, in milliseconds. */
export const SERVER_TIMEOUT_MS = 900_000;

/** How many operations are listed unless --limit says otherwise. */
export const OPERATIONS_SHOWN = 50;
