// include/uapi/asm-generic/errno-base.h and errno.h of Linux; the same on x86-64 and arm64.
const errnoNames: ReadonlyMap<number, string> = new Map([
  [1, "EPERM"],
  [2, "ENOENT"],
  [3, "ESRCH"],
  [4, "EINTR"],
  [5, "EIO"],
  [6, "ENXIO"],
  [7, "E2BIG"],
  [8, "ENOEXEC"],
  [9, "EBADF"],
  [10, "ECHILD"],
  [11, "EAGAIN"],
  [12, "ENOMEM"],
  [13, "EACCES"],
  [16, "EBUSY"],
  [17, "EEXIST"],
  [18, "EXDEV"],
  [19, "ENODEV"],
  [20, "ENOTDIR"],
  [21, "EISDIR"],
  [22, "EINVAL"],
  [23, "ENFILE"],
  [24, "EMFILE"],
  [26, "ETXTBSY"],
  [27, "EFBIG"],
  [28, "ENOSPC"],
  [30, "EROFS"],
  [31, "EMLINK"],
  [32, "EPIPE"],
  [34, "ERANGE"],
  [36, "ENAMETOOLONG"],
  [38, "ENOSYS"],
  [39, "ENOTEMPTY"],
  [40, "ELOOP"],
  [61, "ENODATA"],
  [71, "EPROTO"],
  [90, "EMSGSIZE"],
  [95, "ENOTSUP"],
  [97, "EAFNOSUPPORT"],
  [98, "EADDRINUSE"],
  [104, "ECONNRESET"],
  [105, "ENOBUFS"],
  [106, "EISCONN"],
  [107, "ENOTCONN"],
  [110, "ETIMEDOUT"],
  [111, "ECONNREFUSED"],
  [122, "EDQUOT"],
]);

const EAGAIN = 11;

/** What a system call refused; `code` is the errno's name. */
export class NativeError extends Error {
  override readonly name = "NativeError";
  readonly code: string;

  constructor(code: string, options?: { readonly cause?: unknown }) {
    super(code, options);
    this.code = code;
  }
}

/** The result of a system call; throws a NativeError for the negative errno of one that failed. */
export function check<Result>(result: Result | number): Result {
  if (typeof result === "number" && result < 0) throw errorOf(result);
  // A failure is the only number below zero, so what is left is what the call promises.
  return result as Result;
}

/** The error of a failed system call. */
export function errorOf(result: number): NativeError {
  return new NativeError(errnoNames.get(-result) ?? `E${-result}`);
}

/** Whether a call that does not wait would have had to. */
export function wouldWait(result: number): boolean {
  return result === -EAGAIN;
}
