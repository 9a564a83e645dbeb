/** Every limit of the System on Node, by name. */

/** Time for systemd-notify(1), which waits five seconds for the service manager to take the message. */
export const NOTIFY_TIMEOUT_MS = 10_000;

/** Time for the programs that stand in for system calls: getfattr(1), setfattr(1), prlimit(1). */
export const TOOL_TIMEOUT_MS = 5_000;

/** How long what is still under way after the end may hold the process. */
export const EXIT_LIMIT_MS = 5_000;
