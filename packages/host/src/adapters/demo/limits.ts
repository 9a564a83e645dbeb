/** Every limit of the demo guest, by name. */

/** How long one program of the set-up (mount, ip, …) may take, in milliseconds. */
export const PROGRAM_TIMEOUT_MS = 10_000;

/** How much output of such a program is kept, in bytes. */
export const PROGRAM_OUTPUT_MAX_BYTES = 1024 * 1024;

/** How long the namespaces may take to come up, in milliseconds. */
export const NAMESPACES_START_TIMEOUT_MS = 5000;

/** How long the kernel may take to end everything in the namespaces, in milliseconds. */
export const NAMESPACES_STOP_TIMEOUT_MS = 5000;

/** How long the agent may take to end after SIGTERM before it is killed, in milliseconds. */
export const AGENT_STOP_TIMEOUT_MS = 3000;

/** How much of the agent's log is shown when the agent did not start, in characters. */
export const SHOWN_LOG_CHARACTERS = 2000;

/** How long an agent whose starter is gone may take to end before it is killed, in milliseconds. */
export const KEEPER_KILL_TIMEOUT_MS = 1000;

/** How long a guest may take to shut down before a soft reboot, in milliseconds. */
export const REBOOT_SHUTDOWN_TIMEOUT_MS = 60_000;

/** How much of a guest's log is its console's, in characters. */
export const CONSOLE_LOG_CHARACTERS = 262_144;
