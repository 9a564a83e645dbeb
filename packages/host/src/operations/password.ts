import { isUtf8 } from "@nova-agent/xenstore";
import { encryptPassword, parsePublicNumber, privateKeyFrom, publicNumber } from "../crypto/key-exchange.ts";
import type { PasswordCrypto } from "../crypto/password-crypto.ts";
import { HostError } from "../errors.ts";
import type { GuestCall, HeldGuest, HostConnector } from "../host-connector.ts";
import { GUEST_BOOT_TIMEOUT_MS, PASSWORD_MAX_BYTES, PRIVATE_KEY_BYTES } from "../limits.ts";
import { passwordUnknownError } from "../model/exchange-errors.ts";
import { isRefusedWithoutKey } from "../model/lost-key.ts";
import type { Secret } from "../secret.ts";

export interface PasswordCall extends GuestCall {
  /** UTF-8 without line breaks and NULs, at most 256 bytes. Wiped when the call ends, however it ends. */
  readonly password: Secret;
  readonly crypto: PasswordCrypto;
}

export interface PasswordResult {
  /** Where the guest has the password. */
  readonly domid: number;
}

/**
 * Sets the password of root, or of the Administrator on Windows: `keyinit` and `password` as a pair that
 * nobody in this process can part. A guest that gets a new domid in the middle, or whose agent has lost
 * the key, is given the whole pair once more. Throws BAD_ARGUMENT for a password that no guest could take.
 */
export async function setPassword(connector: HostConnector, call: PasswordCall): Promise<PasswordResult> {
  try {
    assertPassword(call.password.reveal(), call.domid);
    return await connector.hold(call, async (guest) => {
      const formerDomid = guest.domid;
      try {
        // The same password twice does no harm, so there is no reason to wait for an answer that a guest
        // may have brought along: a rebooted one has lost it, and a restored one sets it once more.
        await sendPair(guest, call, { endsAtMove: true });
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        const isSpoiled = guest.domid !== formerDomid && mayBeginAnew(error);
        if (!isSpoiled && !isRefusedWithoutKey(error)) throw error;
        await sendSecondPair(guest, call, error);
      }
      return { domid: guest.domid };
    });
  } finally {
    call.password.wipe();
  }
}

async function sendPair(
  guest: HeldGuest,
  call: PasswordCall,
  { endsAtMove, keyTimeoutMs }: { readonly endsAtMove: boolean; readonly keyTimeoutMs?: number },
): Promise<void> {
  const privateKey = privateKeyFrom(call.crypto.randomBytes(PRIVATE_KEY_BYTES));
  const keyinit = { name: "keyinit", value: publicNumber(privateKey) };
  const reply = await guest.ask(keyinit, { timeoutMs: keyTimeoutMs });
  const guestNumber = parsePublicNumber(reply.message, guest.domid);
  const value = encryptPassword({ privateKey, guestNumber, password: call.password, crypto: call.crypto });
  await guest.ask({ name: "password", value }, { endsAtMove });
}

/** Whether a guest that moved may have spoiled the pair: no answer, or no key for the password any more. */
function mayBeginAnew({ code, facts }: HostError): boolean {
  const isHere = code === "GUEST_GONE" && facts.newDomid !== undefined && facts.awayMs === undefined;
  return isHere || code === "OUTCOME_UNKNOWN" || code === "GUEST_REFUSED" || code === "GUEST_TIMEOUT";
}

/** Whether the first pair went so far that the guest may have the password: it was sent, and nobody answered. */
function mayBeSet(error: HostError): boolean {
  const { code, facts } = error;
  const isUnanswered = code === "OUTCOME_UNKNOWN" || code === "GUEST_TIMEOUT";
  return isRefusedWithoutKey(error) || (facts.command === "password" && isUnanswered);
}

/** Throws OUTCOME_UNKNOWN when the pair fails that might have set the password the first time. */
async function sendSecondPair(guest: HeldGuest, call: PasswordCall, first: HostError): Promise<void> {
  const keyTimeoutMs = call.timeoutMs ?? GUEST_BOOT_TIMEOUT_MS;
  try {
    await sendPair(guest, call, { endsAtMove: false, keyTimeoutMs });
  } catch (error) {
    throw mayBeSet(first) && error instanceof HostError ? passwordUnknownError(error) : error;
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
