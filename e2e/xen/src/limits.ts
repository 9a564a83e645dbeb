/** Every limit of the tests on real Xen, by name. Emulation on a loaded machine is slow: most are generous. */

/** How long Xen may run from QEMU's start to its end, with all scenarios: four times what the longest takes. */
export const BOOT_TIMEOUT_MS = 2_400_000;

/** How long one package may take to be fetched and unpacked. */
export const PACKAGE_TIMEOUT_MS = 300_000;

/** How long one step of building an image may take. */
export const BUILD_STEP_TIMEOUT_MS = 120_000;

/** How many lines of the console go into the error of a run that ended early. */
export const SHOWN_CONSOLE_LINES = 60;

/** How long a program in Dom0 or a command in a guest may run. */
export const PROGRAM_TIMEOUT_MS = 120_000;

/** How long the guest may take to answer whether it listens, before it is asked again. */
export const HELLO_TIMEOUT_MS = 1000;

/** How often a condition in the guest or in XenStore is looked at again. */
export const POLL_INTERVAL_MS = 50;

/** Characters kept of what a guest's console prints. */
export const CONSOLE_KEPT_CHARACTERS = 65_536;

/** How long a guest may take from its creation until its agent has answered. */
export const GUEST_START_TIMEOUT_MS = 480_000;

/** How many lines of the agent's log go with the error of a test. */
export const SHOWN_AGENT_LINES = 25;

/** How long fetching the packages and building both systems may take. */
export const BUILD_TIMEOUT_MS = 600_000;

/** How long the agent may take to answer a request that no command's limit holds for. */
export const REPLY_TIMEOUT_MS = 60_000;

/** How long a caller waits for a guest that is saved and restored meanwhile. */
export const MOVE_TIMEOUT_MS = 120_000;

/**
 * How long a caller waits for a request that may not be repeated. The guest has to be back before; all of
 * it passes, because only its end tells that no answer comes.
 */
export const UNKNOWN_AFTER_MS = 80_000;

/**
 * How often a reset of the network is asked for where netplan carries it out. Under emulation that takes about
 * half of the time that the agent gives it, and all of it on a machine whose cores have other work.
 */
export const RESET_ATTEMPTS_MAX = 3;

/** How often Xen is booted for one run when its own xenstored aborts. */
export const BOOT_ATTEMPTS_MAX = 3;
