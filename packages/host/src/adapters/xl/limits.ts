/** Every limit of the adapter for xl, by name. */

/** How long one call of xl may take, in milliseconds: a domain's creation runs the scripts of its devices. */
export const XL_TIMEOUT_MS = 120_000;

/** How much output of xl is kept, in bytes: a domain in `xl list -l` has some 4 KiB. */
export const XL_OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/** How much of what xl said is shown in an error, in characters, from its end. */
export const SHOWN_XL_CHARACTERS = 1000;

/** How long a disk's copy may take, in milliseconds. */
export const DISK_COPY_TIMEOUT_MS = 1_800_000;

/** How long a guest may take to shut down before a soft reboot, in milliseconds. */
export const REBOOT_SHUTDOWN_TIMEOUT_MS = 120_000;

/** How long a domain that has shut down may take to be gone, in milliseconds. */
export const DOMAIN_GONE_TIMEOUT_MS = 30_000;

/** How long to wait before looking again, in milliseconds. */
export const DOMAIN_GONE_POLL_MS = 250;

/** How much of a console's log is returned, in bytes from its end. */
export const CONSOLE_LOG_BYTES = 262_144;
