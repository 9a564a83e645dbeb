/** Largest unit, script or job that is looked into, in bytes. */
export const SERVICE_FILE_MAX_BYTES = 256 * 1024;
