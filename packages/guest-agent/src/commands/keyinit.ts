import { agree, parsePublicKey, PRIVATE_KEY_BYTES } from "../protocol/key-exchange.ts";
import { command } from "./command.ts";

/**
 * `keyinit`: the host's public key, as text or number, is answered with the guest's and with `D0`.
 * A new exchange takes the place of the one before it.
 */
export const keyinit = command({
  name: "keyinit",
  gather: (guest) => Promise.resolve(guest.system.randomBytes(PRIVATE_KEY_BYTES)),
  plan: (value, randomBytes) => {
    const { publicKey, shared } = agree(parsePublicKey(value), randomBytes);
    return {
      steps: [],
      reply: { returncode: "D0", message: publicKey },
      exchange: { kind: "start", secret: shared },
    };
  },
});
