/** What `--version` prints. */
export const CONTROL_VERSION = "3.0.0";
