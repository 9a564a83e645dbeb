/** Every limit of the panel, by name. */

/** How long a request may take, in milliseconds: a guest may need its five minutes to set a network up. */
export const REQUEST_TIMEOUT_MS = 330_000;

/**
 * How long after a tab is out of sight its stream is given up, in milliseconds: over HTTP/1.1 a browser has
 * six connections to one place, and a stream holds one (HTML, "Server-sent events", authoring notes).
 */
export const LIVE_HIDDEN_MS = 5_000;

/** How long the stream of events may be silent before it counts as lost, in milliseconds: it beats every ten seconds. */
export const LIVE_SILENCE_MS = 25_000;

/** How long a break may last before users are told, in milliseconds: most are mended at once. */
export const LIVE_LOST_MS = 3_000;

/** How long after a loss it is tried again, at first and at most, in milliseconds. */
export const LIVE_RETRY_FIRST_MS = 1_000;
export const LIVE_RETRY_MAX_MS = 30_000;

/** How long changes are collected before they are read, in milliseconds. */
export const COALESCE_MS = 40;

/** How long after a reading that failed it is tried again, in milliseconds. */
export const READ_RETRY_MS = 5_000;

/** Up to how many changed servers are read one by one; beyond it the whole list is. */
export const CHANGED_SERVERS_MAX = 50;

/** How long something may take before it is said that it is waited for, in milliseconds. */
export const WAIT_NOTICE_MS = 150;

/** How long "Copied" stands, in milliseconds. */
export const COPIED_MS = 2_000;

/** With how many of several servers something is done at once. */
export const BULK_AT_ONCE_MAX = 4;

/** How many characters a password has that the panel makes: 139 bits of chance. */
export const GENERATED_PASSWORD_CHARACTERS = 24;

/** How often one is drawn until it has each kind of characters. */
export const PASSWORD_DRAWS_MAX = 100;

/** How long a password may be that a guest is to take, in bytes of UTF-8. */
export const PASSWORD_MAX_BYTES = 256;

/** Of how many pages of the history it is known how far down they were. */
export const SCROLLS_MAX = 100;

/** How long changes are collected before the fleet is read again, in milliseconds: it is counted anew each time. */
export const FLEET_COALESCE_MS = 3_000;

/** How often it is read without any change, in milliseconds: the host's connection is told by no change. */
export const FLEET_EVERY_MS = 15_000;

/** How often it is read what a guest tells of itself, in milliseconds: it tells nobody when that changes. */
export const REPORT_EVERY_MS = 30_000;

/** The same while its networks differ from what is wanted: it may be setting them up. */
export const NETWORK_DIFFERS_EVERY_MS = 2_000;

/** How many requests to a guest are read, and how many of them are shown at first. */
export const OPERATIONS_READ = 50;
export const OPERATIONS_SHOWN = 10;

/** How much of a text of a guest is shown, in characters, such as of a raw reply. */
export const GUEST_TEXT_MAX_CHARACTERS = 20_000;

/** How many lines of a guest's console are shown. */
export const CONSOLE_LINES = 300;

/** As the Compute API takes them: names of key pairs, and public keys, in characters. */
export const KEY_NAME_MAX_CHARACTERS = 255;
export const PUBLIC_KEY_MAX_CHARACTERS = 16_384;

/** As it takes them to register a guest: each text in characters, and how many servers. */
export const ACTIVATION_TEXT_MAX_CHARACTERS = 255;
export const ACTIVATION_DOMAINS_MAX = 8;
