/** Time for one program of the build; the engine takes a compiler some 15 seconds on a quiet machine. */
export const TOOL_TIMEOUT_MS = 300_000;

/** Bytes of the generated table in a line of C. */
export const BYTES_PER_LINE = 32;
