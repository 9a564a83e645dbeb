import { XenstoreError, type XenstoreErrorCode } from "../errors.ts";

/** What the operating system said; `code` is the errno's name. */
interface Cause extends Error {
  readonly code?: string | undefined;
}

/** Why a XenStore server's socket could not be reached, and the way out. */
export function socketError(path: string, cause: Cause): XenstoreError {
  const { code, because } = explainSocket(cause);
  return new XenstoreError(code, `Cannot connect to XenStore at "${path}": ${because}`, { cause });
}

/** Why XenStore's device could not be opened, and the way out. */
export function deviceError(path: string, cause: Cause): XenstoreError {
  const { code, because } = explainDevice(cause);
  return new XenstoreError(code, `Cannot open XenStore's device "${path}": ${because}`, { cause });
}

interface Explanation {
  readonly code: XenstoreErrorCode;
  readonly because: string;
}

function explainSocket(cause: Cause): Explanation {
  switch (cause.code) {
    case "ENOENT":
      return { code: "ENOENT", because: "there is no such socket; is the XenStore server running?" };
    case "ECONNREFUSED":
      return { code: "EIO", because: "nothing listens there; the XenStore server has ended, start it again" };
    case "EACCES":
    case "EPERM":
      return { code: "EACCES", because: "permission denied; run as root or as the socket's owner" };
    default:
      return { code: "EIO", because: cause.message };
  }
}

function explainDevice(cause: Cause): Explanation {
  switch (cause.code) {
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return { code: "ENOENT", because: "no such device; is this a Xen guest with XenStore?" };
    case "EACCES":
    case "EPERM":
      return { code: "EACCES", because: "permission denied; run as root" };
    default:
      return { code: "EIO", because: cause.message };
  }
}
