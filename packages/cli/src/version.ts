/** What `--version` prints. */
export const GUESTCTL_VERSION = "3.0.0";
