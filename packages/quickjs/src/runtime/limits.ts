/** Every limit of the runtime, by name. */

/** Bytes read from a socket at a time: one XenStore message of the largest size and some. */
export const SOCKET_READ_BYTES = 8 * 1024;

/** Bytes read from a program's output at a time: all that its pipe holds when it has ended (pipe(7)). */
export const PIPE_READ_BYTES = 64 * 1024;
