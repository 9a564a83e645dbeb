/** Time for one answer of XenStore, which answers in milliseconds. */
export const XENSTORE_ANSWER_MS = 5000;

/** Pause between two looks at requests: one that waits at both is not being served. */
export const SECOND_LOOK_MS = 2000;

/** Time for timedatectl(1), which may have to start the service that knows; the host waits as well. */
export const CLOCK_ANSWER_MS = 2000;

/** Characters of what was found, or of a command that mends it, that the host is told. */
export const TOLD_MAX_CHARACTERS = 300;

/** Requests and answers that are read; more are seldom, and say no more. */
export const REQUESTS_READ_MAX = 50;

/** Largest account file, in bytes. */
export const ACCOUNT_FILE_MAX_BYTES = 4 * 1024 * 1024;

/** Largest list of packages, in bytes: dpkg's has some 2 MB on a full system. */
export const PACKAGE_LIST_MAX_BYTES = 32 * 1024 * 1024;

/** Bytes of a process's command line that are read. */
export const COMMAND_LINE_MAX_BYTES = 65_536;

/** Room below which the agent's writes are in danger, and are refused. */
export const DISK_LOW_BYTES = 50 * 1024 * 1024;
export const DISK_FULL_BYTES = 1024 * 1024;

/** 2026-01-01T00:00:00Z: a clock before it is wrong, because this program is younger. */
export const CLOCK_EARLIEST_UNIX_TIME = 1_767_225_600;
