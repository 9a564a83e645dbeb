import { isUtf8 } from "node:buffer";
import { encryptPassword, parsePublicNumber, privateKeyFrom, publicNumber } from "../crypto/key-exchange.ts";
import { HostError } from "../errors.ts";
import type { GuestCall, HostConnector } from "../host-connector.ts";
import { PASSWORD_MAX_BYTES, PRIVATE_KEY_BYTES } from "../limits.ts";
import type { Secret } from "../secret.ts";

export interface PasswordCall extends GuestCall {
  /** UTF-8 without line breaks and NULs, at most 256 bytes. Wiped when the call ends, however it ends. */
  readonly password: Secret;
  /** So many random bytes from a source that cannot be guessed, as crypto.randomBytes gives. */
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface PasswordResult {
  readonly domid: number;
}

/**
 * Sets the password of root, or of the Administrator on Windows: `keyinit` and `password` as a pair that
 * nobody in this process can part. Throws BAD_ARGUMENT for a password that no guest could take.
 */
export async function setPassword(connector: HostConnector, call: PasswordCall): Promise<PasswordResult> {
  try {
    assertPassword(call.password.reveal(), call.domid);
    return await connector.hold(call, async (guest) => {
      const privateKey = privateKeyFrom(call.randomBytes(PRIVATE_KEY_BYTES));
      const reply = await guest.ask({ name: "keyinit", value: publicNumber(privateKey) });
      const guestNumber = parsePublicNumber(reply.message, guest.domid);
      const value = encryptPassword({ privateKey, guestNumber, password: call.password });
      await guest.ask({ name: "password", value });
      return { domid: guest.domid };
    });
  } finally {
    call.password.wipe();
  }
}

function assertPassword(bytes: Uint8Array, domid: number): void {
  const hasControl = bytes.some((byte) => byte === 0 || byte === 0x0a || byte === 0x0d);
  const problem =
    bytes.length === 0
      ? "is empty"
      : bytes.length > PASSWORD_MAX_BYTES
        ? `has more than ${PASSWORD_MAX_BYTES} bytes`
        : hasControl
          ? "holds a line break or a NUL"
          : isUtf8(bytes)
            ? undefined
            : "is not UTF-8";
  if (problem === undefined) return;
  throw new HostError("BAD_ARGUMENT", `The password for domain ${domid} ${problem}`, { domid });
}
