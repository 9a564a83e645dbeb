import { agree, parsePublicKey, PRIVATE_KEY_BYTES } from "../protocol/key-exchange.ts";
import type { Plan } from "../plan.ts";
import type { RequestValue } from "../protocol/request.ts";
import { command } from "./command.ts";

/**
 * `keyinit`: the host's public key, as text or number, is answered with the guest's and with `D0`.
 * A new exchange takes the place of the one before it.
 */
export const keyinit = command({
  name: "keyinit",
  gather: (guest) => Promise.resolve(guest.system.randomBytes(PRIVATE_KEY_BYTES)),
  plan: planKeyinit,
});

/** The plan of `keyinit`, from the host's public key and random bytes for the guest's private one. */
export function planKeyinit(value: RequestValue, randomBytes: Uint8Array): Plan {
  const { publicKey, shared } = agree(parsePublicKey(value), randomBytes);
  return {
    steps: [],
    reply: { returncode: "D0", message: publicKey },
    exchange: { kind: "start", secret: shared },
  };
}
