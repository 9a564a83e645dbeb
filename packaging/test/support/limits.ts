/** Time for one program in a private root: dpkg(1), an init script. */
export const PROGRAM_TIMEOUT_MS = 60_000;

/** Time for a test that unpacks Debian packages and builds executables first. */
export const TEST_TIMEOUT_MS = 300_000;
